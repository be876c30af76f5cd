using FloorGateway.Configuration;
using FloorGateway.Hosting;
using FloorGateway.Model.Gaps;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Tests.Hosting;

/// <summary>Feeds follow the configuration file while the gateway runs.</summary>
public sealed class FeedReloadTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Feeds_are_added_paused_changed_and_taken_out_as_the_file_says()
    {
        var first = Write("uns: {type: mqtt, url: \"mqtt://127.0.0.1:1\"}");
        await using var runtime = await GatewayRuntime.OpenAsync(first, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        await runtime.Pipeline.StartAsync(CancellationToken.None);
        await using var reload = new FeedReload(folder["gateway.yaml"], runtime, first, TimeProvider.System, NullLoggerFactory.Instance);
        Assert.Equal(["history", "uns"], Names(runtime));

        Write("uns: {type: mqtt, url: \"mqtt://127.0.0.1:1\", send: {paused: true}}", "influx: {type: influxdb, version: 1, url: \"http://127.0.0.1:1\", database: x}");
        await reload.ReloadAsync();
        Assert.Equal(["history", "influx", "uns"], Names(runtime));
        Assert.Equal("Paused", runtime.Pipeline.Snapshot().Feeds.Single(f => f.Feed == "uns").State);

        // A file with an error changes nothing.
        Write("uns: {type: mqqt}");
        await reload.ReloadAsync();
        Assert.Equal(["history", "influx", "uns"], Names(runtime));

        Write("influx: {type: influxdb, version: 1, url: \"http://127.0.0.1:2\", database: x}");
        await reload.ReloadAsync();
        Assert.Equal(["history", "influx"], Names(runtime));
        Assert.True(File.Exists(folder["data/feeds/uns.cursor"]));
        Assert.Empty(runtime.Pipeline.Snapshot().Differences);
    }

    [Fact]
    public async Task Gateway_starts_with_every_destination_down_and_a_history_that_is_no_database()
    {
        Directory.CreateDirectory(folder["data"]);
        await File.WriteAllTextAsync(folder["data/history.db"], string.Concat(Enumerable.Repeat("this is no database; ", 500)));
        var configuration = Write("uns: {type: mqtt, url: \"mqtt://127.0.0.1:1\"}", "influx: {type: influxdb, version: 1, url: \"http://127.0.0.1:1\", database: x}");
        await using var runtime = await GatewayRuntime.OpenAsync(configuration, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        await runtime.Pipeline.StartAsync(CancellationToken.None);
        await runtime.Pipeline.AppendGapAsync(new GapRecord { Server = "s", From = 1, To = 2, Cause = "test" }, CancellationToken.None);
        await Eventually.TrueAsync(() => runtime.Pipeline.Snapshot().Feeds.All(f => f.State == "Retrying"));

        Assert.Contains("Move the file", runtime.Pipeline.Snapshot().Feeds.Single(f => f.Feed == "history").LastError!, StringComparison.Ordinal);
        // Without waiting for what can't be delivered.
        await runtime.Pipeline.DisposeAsync();
    }

    private static IEnumerable<string> Names(GatewayRuntime runtime) => runtime.Pipeline.Snapshot().Feeds.Select(f => f.Feed).Order(StringComparer.Ordinal);

    private GatewayConfiguration Write(params string[] feeds)
    {
        File.WriteAllText(folder["gateway.yaml"], $"gateway: {{id: a, data: data}}\nservers: {{s: {{url: opc.tcp://127.0.0.1:1}}}}\nfeeds:\n  {string.Join("\n  ", feeds)}\n");
        return new ConfigurationLoader().Load(folder["gateway.yaml"]).Configuration!;
    }
}
