using System.Text.Json;
using FloorGateway.Historian.Influx;
using FloorGateway.Model.Ports;
using FloorGateway.Simulators.Faults;
using FloorGateway.TestKit.Foreign;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Foreign;

/// <summary>Against a real InfluxDB 1.6.</summary>
public class InfluxDbTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Holds_every_sample_of_every_kind_after_a_kill_in_between()
    {
        var mix = new SampleMix(T0);
        await using var server = await InfluxServer.StartAsync();
        await using var destination = new InfluxDestination(mix.Catalog, new() { Url = server.Url, Api = InfluxApi.V1, Database = "plant floor", CreateDatabase = true });
        var samples = mix.Samples.ToArray();
        var half = samples.Length / 2;
        for (var at = 0; at < samples.Length; at += 1000)
        {
            if (at <= half && half < at + 1000)
            {
                await server.KillAsync();
                Assert.Equal(DeliveryOutcome.Retry, (await DeliverAsync(destination, samples.AsMemory(at, 1000))).Outcome);
                await server.StartAgainAsync();
            }

            // After a start the port answers before the shards are loaded: the feed would repeat, and so does this.
            DeliveryResult result;
            do
                result = await DeliverAsync(destination, samples.AsMemory(at, Math.Min(1000, samples.Length - at)));
            while (result.Outcome == DeliveryOutcome.Retry);
            Assert.Equal(DeliveryResult.Delivered, result);
        }

        // Once more, as after a crash of the gateway: nothing may be counted twice.
        await DeliverAsync(destination, samples.AsMemory(0, 5000));

        await server.KillAsync();
        await server.StartAgainAsync();
        foreach (var (field, (count, sum)) in mix.Expected)
        {
            var condition = field.EndsWith(".q", StringComparison.Ordinal) ? $" WHERE \"{field}\" > 0" : "";
            var rows = await server.QueryAsync("plant floor", $"SELECT \"{field}\" FROM \"DieCastCell\"{condition}");
            Assert.Equal((field, count), (field, rows.Count));
            if (field != "PartId")
                Assert.Equal((field, sum), (field, rows.Sum(row => Number(row[field]))));
        }

        var parts = await server.QueryAsync("plant floor", "SELECT \"PartId\" FROM \"DieCastCell\" WHERE cell = 'DC03'");
        Assert.Equal(
            mix.Samples.Where(s => s.Tag == 29 && s.Status != Bad).Select(s => s.Value.AsString()),
            parts.Select(row => row["PartId"].GetString()));
        var series = await server.QueryAsync("plant floor", "SHOW SERIES");
        Assert.Equal(
            Enumerable.Range(0, SampleMix.Units).Select(unit => $"DieCastCell,area=CAS,cell=DC0{unit},enterprise=LXE,line=L01,site=JSH,unit=PRESS"),
            series.Select(row => row["key"].GetString()));
    }

    [Fact]
    public async Task A_network_that_cuts_and_tears_loses_and_doubles_nothing()
    {
        var catalog = new Catalog();
        var tag = catalog.Add("LXE/JSH/CAS/L01/DC01/PRESS", "S");
        await using var server = await InfluxServer.StartAsync();
        await using var network = new TcpFaultProxy(new Uri($"{server.Url}").Port);
        await using var destination = new InfluxDestination(catalog, new() { Url = new UriBuilder($"{server.Url}") { Port = network.Port }.Uri, Api = InfluxApi.V1, Database = "d", CreateDatabase = true });
        var samples = Enumerable.Range(0, 3000).Select(i => Of(tag, T0 + i * TimeSpan.TicksPerMillisecond, i)).ToArray();
        Assert.Equal(DeliveryResult.Delivered, await DeliverAsync(destination, samples.AsMemory(0, 1000)));
        network.Cut();
        Assert.Equal(DeliveryOutcome.Retry, (await DeliverAsync(destination, samples.AsMemory(1000, 1000))).Outcome);
        network.Mend();
        network.SplitBytes = 100;
        Assert.Equal(DeliveryResult.Delivered, await DeliverAsync(destination, samples.AsMemory(1000, 1000)));
        network.SplitBytes = 0;
        network.Delay = TimeSpan.FromMilliseconds(20);
        Assert.Equal(DeliveryResult.Delivered, await DeliverAsync(destination, samples.AsMemory(2000, 1000)));
        var rows = await server.QueryAsync("d", "SELECT \"S\" FROM DieCastCell");
        Assert.Equal((3000, 3000 * 2999 / 2), (rows.Count, rows.Sum(row => Number(row["S"]))));
    }

    [Fact]
    public async Task The_last_quality_says_how_a_signal_is_now()
    {
        var catalog = new Catalog();
        var tag = catalog.Add("LXE/JSH/CAS/L01/DC01/PRESS", "S");
        await using var server = await InfluxServer.StartAsync();
        await using var destination = new InfluxDestination(catalog, new() { Url = server.Url, Api = InfluxApi.V1, Database = "d", CreateDatabase = true });
        await DeliverAsync(destination, new[] { Of(tag, T0, 1), Of(tag, T0 + 10, 2, Bad) });
        Assert.Equal(Bad, Number((await server.QueryAsync("d", "SELECT last(\"S.q\") AS q FROM DieCastCell")).Single()["q"]));
        await DeliverAsync(destination, new[] { Of(tag, T0 + 20, 3), Of(tag, T0 + 30, 4) });
        Assert.Equal(0, Number((await server.QueryAsync("d", "SELECT last(\"S.q\") AS q FROM DieCastCell")).Single()["q"]));
        Assert.Equal(8, (await server.QueryAsync("d", "SELECT \"S\" FROM DieCastCell")).Sum(row => Number(row["S"])));
    }

    [Fact]
    public async Task A_change_of_a_signals_type_is_rejected_in_the_servers_words()
    {
        var catalog = new Catalog();
        var tag = catalog.Add("LXE/JSH/CAS/L01/DC01/PRESS", "S");
        await using var server = await InfluxServer.StartAsync();
        await using var destination = new InfluxDestination(catalog, new() { Url = server.Url, Api = InfluxApi.V1, Database = "d", CreateDatabase = true });
        Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(destination, new[] { Of(tag, T0, 1) })).Outcome);
        var result = await DeliverAsync(destination, new[] { Of(tag, T0 + 10, 2), Of(tag, T0 + 20, Model.Values.TagValue.From("text")) });
        Assert.Equal(DeliveryOutcome.Rejected, result.Outcome);
        Assert.Contains("field type conflict", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Splits_what_is_larger_than_the_servers_limit()
    {
        var mix = new SampleMix(T0);
        await using var server = await InfluxServer.StartAsync("max-body-size = 4096");
        await using var destination = new InfluxDestination(mix.Catalog, new() { Url = server.Url, Api = InfluxApi.V1, Database = "d", CreateDatabase = true, Gzip = false });
        Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(destination, mix.Samples.ToArray().AsMemory(0, 1000))).Outcome);
        var good = mix.Samples.Take(1000).Count(s => s.Tag % 8 == 0 && s.Status != Bad);
        Assert.Equal(good, (await server.QueryAsync("d", "SELECT \"Shot.Velocity\" FROM DieCastCell")).Count);
    }

    [Fact]
    public async Task A_wrong_database_or_login_holds_samples_back()
    {
        var catalog = new Catalog();
        var tag = catalog.Add("A/B/C/D/E/F", "S");
        await using var server = await InfluxServer.StartAsync("auth-enabled = true");
        // The first user is made without a login, as the server's manual says.
        await server.QueryAsync("", "CREATE USER gate WITH PASSWORD 'secret' WITH ALL PRIVILEGES");
        var options = new InfluxOptions { Url = server.Url, Api = InfluxApi.V1, Database = "d", Username = "gate", Password = "wrong" };
        await using (var destination = new InfluxDestination(catalog, options))
        {
            var result = await DeliverAsync(destination, new[] { Of(tag, T0, 1) });
            Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
            Assert.Contains("Check the username and password", result.Reason, StringComparison.Ordinal);
        }

        await using (var destination = new InfluxDestination(catalog, options with { Password = "secret" }))
        {
            var result = await DeliverAsync(destination, new[] { Of(tag, T0, 1) });
            Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
            Assert.Contains("database not found", result.Reason, StringComparison.Ordinal);
        }

        await using (var destination = new InfluxDestination(catalog, options with { Password = "secret", CreateDatabase = true }))
            Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(destination, new[] { Of(tag, T0, 1) })).Outcome);
    }

    private static ValueTask<DeliveryResult> DeliverAsync(InfluxDestination destination, ReadOnlyMemory<Model.Samples.Sample> samples) =>
        destination.DeliverAsync(new(0, samples, []), Cancel);

    private static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => value.GetDouble(),
    };
}
