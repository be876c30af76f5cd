using FloorGateway.Simulators.Faults;

namespace Torture;

/// <summary>Whose samples a blow may cost.</summary>
/// <param name="Server">Null = every server's.</param>
/// <param name="Since">When the oldest of them arrived at the latest, UTC ticks; null = not before the blow.</param>
internal sealed record Harm(string? Server, long? Since = null);

/// <summary>A kind of blow.</summary>
/// <param name="Name">For the table and <c>--only</c>.</param>
/// <param name="Cards">How often it lies in the deck.</param>
/// <param name="Deal">Deals it and has everything running again; the answer says what it may cost: null = nothing at all.</param>
internal sealed record Blow(string Name, int Cards, Func<Random, Task<Harm?>> Deal)
{
    /// <summary>The journal may give up what every feed has, for room.</summary>
    public bool FillsDisk { get; init; }
}

/// <summary>What can be done to a plant.</summary>
internal sealed class Blows(Chain chain)
{
    // 10 s of process time are two of the clock.
    private const string FaultLength = "10s";

    private static readonly Harm Everything = new((string?)null);

    /// <summary>All kinds that this machine can deal.</summary>
    public IReadOnlyList<Blow> All() =>
    [
        new("kill gateway", 3, KillGatewayAsync),
        new("stop gateway", 1, StopGatewayAsync),
        new("kill broker", 2, KillBrokerAsync),
        new("kill InfluxDB", 2, KillInfluxAsync),
        new("kill equipment", 2, KillEquipmentAsync),
        new("kill all at once", 3, KillAllAsync),
        new("cut equipment", 2, r => CutAsync(r, Pick(r, chain.EquipmentLinks))),
        new("cut broker", 1, r => CutAsync(r, chain.BrokerLink)),
        new("cut InfluxDB", 1, r => CutAsync(r, chain.InfluxLink)),
        new("cut all at once", 1, r => CutAsync(r, [.. chain.Links])),
        new("stall equipment", 1, r => StallAsync(r, Pick(r, chain.EquipmentLinks))),
        new("stall destination", 1, r => StallAsync(r, Pick(r, [chain.BrokerLink, chain.InfluxLink]))),
        new("torn end", 1, TornEndAsync),
        new("cut end", 2, CutEndAsync),
        new("flipped end", 2, FlippedEndAsync),
        new("equipment's clock", 2, StepEquipmentAsync),
        new("bad values", 1, SpoilValuesAsync),
        .. chain.Clock is { } clock ? (Blow[])[new("gateway's clock", 3, r => StepGatewayAsync(r, clock))] : [],
        .. chain.Disk is { } disk ? (Blow[])[new("disk full", 2, r => FillDiskAsync(r, disk)) { FillsDisk = true }, new("disk full, kill", 1, r => KillOnFullDiskAsync(r, disk)) { FillsDisk = true }] : [],
    ];

    /// <summary>In every third round a connection breaks as well, while the blow is dealt: to equipment or to InfluxDB. The broker's is kept for the consumer's sake.</summary>
    /// <returns>Null = in this round none does.</returns>
    public Func<Task>? Beside(Random random)
    {
        var (deal, link, later, length) = (random.Next(3) == 0, Pick(random, [chain.InfluxLink, .. chain.EquipmentLinks]), Pause(random, 0, 1500), Pause(random, 50, 3000));
        return !deal ? null : async () =>
        {
            await Task.Delay(later);
            link.Cut();
            await Task.Delay(length);
            link.Mend();
        };
    }

    private static TimeSpan Pause(Random random, int fromMs, int toMs) => TimeSpan.FromMilliseconds(random.Next(fromMs, toMs));

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private async Task<Harm?> KillGatewayAsync(Random random)
    {
        var down = Pause(random, 0, 3000);
        await chain.KillGatewayAsync();
        await Task.Delay(down);
        chain.StartGateway();
        return null;
    }

    private async Task<Harm?> StopGatewayAsync(Random random)
    {
        var down = Pause(random, 0, 2000);
        await chain.StopGatewayAsync();
        await Task.Delay(down);
        chain.StartGateway();
        return null;
    }

    private async Task<Harm?> KillBrokerAsync(Random random)
    {
        var down = Pause(random, 100, 3000);
        await chain.KillBrokerAsync();
        await Task.Delay(down);
        await chain.StartBrokerAsync();
        return null;
    }

    private async Task<Harm?> KillInfluxAsync(Random random)
    {
        var down = Pause(random, 100, 4000);
        await chain.Influx.KillAsync();
        await Task.Delay(down);
        await chain.Influx.StartAgainAsync();
        return null;
    }

    /// <summary>What the equipment had not sent yet, and what it does while nobody listens again, is lost with it.</summary>
    private async Task<Harm?> KillEquipmentAsync(Random random)
    {
        var (one, down) = (Pick(random, chain.Equipment), Pause(random, 100, 2000));
        await one.KillAsync();
        await Task.Delay(down);
        await one.StartAsync();
        return new Harm(one.Server);
    }

    /// <summary>As when the hall loses power: all programs at one moment.</summary>
    private async Task<Harm?> KillAllAsync(Random random)
    {
        var down = Pause(random, 0, 1000);
        await Task.WhenAll([chain.KillGatewayAsync(), chain.Influx.KillAsync(), chain.KillBrokerAsync(), .. chain.Equipment.Select(e => e.KillAsync())]);
        await Task.Delay(down);
        await Task.WhenAll([chain.Influx.StartAgainAsync(), chain.StartBrokerAsync(), .. chain.Equipment.Select(e => e.StartAsync())]);
        chain.StartGateway();
        return Everything;
    }

    private static async Task<Harm?> CutAsync(Random random, params IReadOnlyList<TcpFaultProxy> links)
    {
        var length = Pause(random, 50, 3000);
        foreach (var link in links)
            link.Cut();
        await Task.Delay(length);
        foreach (var link in links)
            link.Mend();
        return null;
    }

    private static async Task<Harm?> StallAsync(Random random, TcpFaultProxy link)
    {
        var length = Pause(random, 100, 3000);
        link.Stall();
        await Task.Delay(length);
        link.Mend();
        return null;
    }

    /// <summary>A kill in the middle of a write leaves a part of a block behind the last whole one. Nobody was told that it is there.</summary>
    private async Task<Harm?> TornEndAsync(Random random)
    {
        var half = new byte[random.Next(1, 400)];
        random.NextBytes(half);
        await chain.KillGatewayAsync();
        using (var file = OpenLastSegment())
        {
            // It begins as a block begins, so that only its checksums tell.
            var head = new byte[Math.Min(half.Length, 32)];
            file.ReadExactly(head);
            head.CopyTo(half, 0);
            file.Seek(0, SeekOrigin.End);
            file.Write(half);
        }

        chain.StartGateway();
        return null;
    }

    /// <summary>A power cut takes what was not yet forced to the disk: blocks that had been acknowledged.</summary>
    private Task<Harm?> CutEndAsync(Random random)
    {
        var bytes = random.Next(1, 3000);
        return DamageEndAsync(random, file =>
        {
            var left = Math.Max(0, file.Length - bytes);
            file.SetLength(left);
            return left;
        });
    }

    /// <summary>A disk that lies: some bytes near the end are not what was written.</summary>
    private Task<Harm?> FlippedEndAsync(Random random)
    {
        var flips = Enumerable.Range(0, random.Next(1, 6)).Select(_ => (Back: random.Next(1, 3000), Bits: (byte)random.Next(1, 256))).ToList();
        return DamageEndAsync(random, file =>
        {
            foreach (var (back, bits) in flips.Where(f => f.Back <= file.Length))
            {
                file.Seek(-back, SeekOrigin.End);
                var flipped = (byte)(file.ReadByte() ^ bits);
                file.Seek(-1, SeekOrigin.Current);
                file.WriteByte(flipped);
            }

            return Math.Max(0, file.Length - flips.Max(f => f.Back));
        });
    }

    /// <summary>Damages the journal's end, half of the time before it was delivered: then only a gap record can tell broker and InfluxDB of what the journal loses.</summary>
    /// <param name="random">Of the round.</param>
    /// <param name="damage">Does it, and says from where on.</param>
    private async Task<Harm?> DamageEndAsync(Random random, Func<FileStream, long> damage)
    {
        var (cut, length) = (random.Next(2) == 0, Pause(random, 300, 2000));
        if (cut)
        {
            chain.BrokerLink.Cut();
            chain.InfluxLink.Cut();
            await Task.Delay(length);
        }

        await chain.KillGatewayAsync();
        long since;
        using (var file = OpenLastSegment())
            since = chain.Watch.Before(file.Name, damage(file));
        chain.StartGateway();
        chain.BrokerLink.Mend();
        chain.InfluxLink.Mend();
        return Everything with { Since = since };
    }

    private async Task<Harm?> StepEquipmentAsync(Random random)
    {
        var one = Pick(random, chain.Equipment);
        var seconds = random.Next(1, 30) * (random.Next(2) == 0 ? -1 : 1);
        await FaultAsync(one, "F6", $"{seconds}");
        return null;
    }

    private async Task<Harm?> SpoilValuesAsync(Random random)
    {
        await FaultAsync(Pick(random, chain.Equipment), "F4", Pick(random, ["BadSensorFailure", "BadNoCommunication", "UncertainLastUsableValue"]));
        return null;
    }

    private async Task<Harm?> StepGatewayAsync(Random random, GatewayClock clock)
    {
        // Seconds as after a time server was found again, or the hour of a wrong time zone.
        var step = TimeSpan.FromSeconds(random.Next(4) == 0 ? 3600 : random.Next(1, 30)) * (random.Next(2) == 0 ? -1 : 1);
        var (length, kill) = (Pause(random, 0, 3000), random.Next(3) == 0);
        clock.Set(step);
        await Task.Delay(GatewayClock.Lag + length);
        if (kill)
        {
            await chain.KillGatewayAsync();
            chain.StartGateway();
            await chain.WaitUntilConnectedAsync();
        }

        clock.Set(TimeSpan.Zero);
        await Task.Delay(GatewayClock.Lag);
        return null;
    }

    private static async Task<Harm?> FillDiskAsync(Random random, SmallDisk disk)
    {
        var length = Pause(random, 500, 4000);
        disk.Fill();
        await Task.Delay(length);
        disk.Free();
        return null;
    }

    private async Task<Harm?> KillOnFullDiskAsync(Random random, SmallDisk disk)
    {
        var (before, after) = (Pause(random, 300, 2500), Pause(random, 500, 3000));
        disk.Fill();
        await Task.Delay(before);
        await chain.KillGatewayAsync();
        chain.StartGateway();
        await Task.Delay(after);
        disk.Free();
        // A gateway that found no room at its start may end; a service manager starts it again.
        await chain.StartGatewayIfEndedAsync();
        return null;
    }

    private static async Task FaultAsync(Equipment one, string fault, string param)
    {
        await using var process = Product.Start("simulate", "fault", "--url", one.Url, "--unit", one.Unit, "--fault", fault, "--param", param, "--for", FaultLength);
        if (await process.WaitForExitAsync(TimeSpan.FromSeconds(60)) != 0)
            throw new InvalidOperationException($"the equipment took no fault: {process.Output}");
        await Task.Delay(TimeSpan.FromSeconds(2.5));
    }

    private FileStream OpenLastSegment() => new(JournalWatch.LastSegment(chain.Journal)!, FileMode.Open, FileAccess.ReadWrite);
}
