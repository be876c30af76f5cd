
namespace Torture;

/// <summary>What can be done to a plant. Each blow ends with everything running again.</summary>
internal sealed class Blows(Chain chain, Random random)
{
    /// <summary>Kinds of blows with how often each is dealt.</summary>
    public IReadOnlyList<(string Name, int Weight, Func<Task> Deal)> All() =>
    [
        ("kill gateway", 4, KillGatewayAsync),
        ("torn block", 2, TornBlockAsync),
        ("cut journal", 1, CutJournalAsync),
        ("kill broker", 2, () => chain.KillBrokerAsync(Pause(100, 3000))),
        ("kill InfluxDB", 2, KillInfluxAsync),
        ("kill equipment", 2, KillEquipmentAsync),
        ("cut equipment", 2, CutEquipmentAsync),
        ("stall equipment", 1, StallEquipmentAsync),
        ("cut broker", 1, () => CutAsync(chain.BrokerLink)),
        ("cut InfluxDB", 1, () => CutAsync(chain.InfluxLink)),
        ("kill all at once", 1, KillAllAsync),
        ("equipment's clock", 1, StepClockAsync),
        .. chain.Disk is { } disk ? ((string, int, Func<Task>)[])[("disk full", 2, () => FillDiskAsync(disk))] : [],
    ];

    private TimeSpan Pause(int fromMs, int toMs) => TimeSpan.FromMilliseconds(random.Next(fromMs, toMs));

    private async Task KillGatewayAsync()
    {
        await chain.KillGatewayAsync();
        await Task.Delay(Pause(0, 3000));
        await chain.StartGatewayAsync();
    }

    /// <summary>A kill in the middle of a write leaves half a block behind the last whole one.</summary>
    private async Task TornBlockAsync()
    {
        await chain.KillGatewayAsync();
        var file = LastSegment();
        var half = new byte[random.Next(1, 400)];
        random.NextBytes(half);
        // It begins as a block begins, so that only its checksums tell.
        using (var whole = new FileStream(file, FileMode.Open, FileAccess.ReadWrite))
        {
            var head = new byte[Math.Min(half.Length, 32)];
            whole.ReadExactly(head);
            head.CopyTo(half, 0);
            whole.Seek(0, SeekOrigin.End);
            whole.Write(half);
        }

        await chain.StartGatewayAsync();
    }

    /// <summary>A power cut takes what was not yet forced to the disk: blocks that had been acknowledged.</summary>
    private async Task CutJournalAsync()
    {
        await chain.KillGatewayAsync();
        using (var file = new FileStream(LastSegment(), FileMode.Open, FileAccess.Write))
            file.SetLength(Math.Max(0, file.Length - random.Next(1, 3000)));
        await chain.StartGatewayAsync();
    }

    private async Task KillInfluxAsync()
    {
        await chain.Influx.KillAsync();
        await Task.Delay(Pause(100, 4000));
        await chain.Influx.StartAgainAsync();
    }

    private async Task KillEquipmentAsync()
    {
        var one = chain.Equipment[random.Next(chain.Equipment.Count)];
        await one.KillAsync();
        await Task.Delay(Pause(100, 2000));
        await one.StartAsync();
        await chain.WaitUntilConnectedAsync();
    }

    private async Task CutEquipmentAsync()
    {
        var link = chain.EquipmentLinks[random.Next(chain.EquipmentLinks.Count)];
        await CutAsync(link);
        await chain.WaitUntilConnectedAsync();
    }

    private async Task StallEquipmentAsync()
    {
        var link = chain.EquipmentLinks[random.Next(chain.EquipmentLinks.Count)];
        link.Stall();
        await Task.Delay(Pause(100, 3000));
        link.Mend();
        await chain.WaitUntilConnectedAsync();
    }

    private async Task CutAsync(FloorGateway.Simulators.Faults.TcpFaultProxy link)
    {
        link.Cut();
        await Task.Delay(Pause(50, 3000));
        link.Mend();
    }

    /// <summary>As when the cabinet loses power: gateway, broker and database at one moment.</summary>
    private async Task KillAllAsync()
    {
        await Task.WhenAll(chain.KillGatewayAsync(), chain.Influx.KillAsync());
        await chain.KillBrokerAsync(TimeSpan.Zero);
        await chain.Influx.StartAgainAsync();
        await chain.StartGatewayAsync();
    }

    private async Task StepClockAsync()
    {
        var one = chain.Equipment[random.Next(chain.Equipment.Count)];
        var seconds = random.Next(2) == 0 ? -random.Next(1, 30) : random.Next(1, 30);
        // 10 s of process time are two of the clock.
        await using (var fault = Product.Start("simulate", "fault", "--url", one.Url, "--unit", one.Unit, "--fault", "F6", "--param", $"{seconds}", "--for", "10s"))
        {
            if (await fault.WaitForExitAsync(TimeSpan.FromSeconds(60)) != 0)
                throw new InvalidOperationException($"the equipment took no fault: {fault.Output}");
        }

        await Task.Delay(TimeSpan.FromSeconds(3));
    }

    private async Task FillDiskAsync(SmallDisk disk)
    {
        disk.Fill();
        await Task.Delay(Pause(500, 4000));
        disk.Free();
        await chain.WaitUntilConnectedAsync();
    }

    private string LastSegment() => Directory.GetFiles(Path.Combine(chain.Data, "journal"), "*.journal").Order(StringComparer.Ordinal).Last();
}
