using System.Text.RegularExpressions;
using FloorGateway.TestKit;
using FloorGateway.TestKit.Foreign;

namespace EndToEnd.Tests.Peers;

/// <summary>The source, the broker, both stores, and a gateway configured by `browse` between them.</summary>
internal sealed partial class ForeignChain : IAsyncDisposable
{
    private const int Variables = 1000;
    private const double Rate = 10;
    private readonly TempDirectory work = new();
    private readonly int httpPort = Ports.Free();

    private ForeignChain(CountedSource source, MosquittoBroker broker, InfluxServer influx, VictoriaMetricsServer victoria)
    {
        Source = source;
        Broker = broker;
        Influx = influx;
        Victoria = victoria;
    }

    public CountedSource Source { get; }

    public MosquittoBroker Broker { get; }

    public InfluxServer Influx { get; }

    public VictoriaMetricsServer Victoria { get; }

    /// <param name="queue">Values that the source keeps per variable while nobody fetches them; 0 = as configured by `browse`.</param>
    public static async Task<ForeignChain> StartAsync(int queue = 0)
    {
        var source = CountedSource.StartAsync(Variables, Rate);
        var broker = MosquittoBroker.StartAsync();
        var influx = InfluxServer.StartAsync();
        var victoria = VictoriaMetricsServer.StartAsync();
        var chain = new ForeignChain(await source, await broker, await influx, await victoria);
        await chain.ConfigureAsync(queue);
        return chain;
    }

    /// <summary>Starts the gateway and waits until it has the first value of every variable.</summary>
    public async Task<ForeignProcess> StartGatewayAsync()
    {
        var gateway = GatewayProcess.Start("run", "--config", work["gateway.yaml"]);
        await GatewayProcess.WaitForAsync(
            httpPort,
            "/api/status",
            status => status["connections"]!.AsArray().All(c => (string?)c!["state"] == "Connected" && (int)c["tags"]! == Variables),
            gateway,
            TimeSpan.FromSeconds(60));
        await GatewayProcess.WaitForAsync(
            httpPort, "/api/tags", tags => tags["tags"]!.AsArray().Count(t => (string?)t!["quality"] == "Good") == Variables, gateway, TimeSpan.FromSeconds(60));
        return gateway;
    }

    public async Task<Truth> RunSourceAsync(TimeSpan length)
    {
        await Source.StartChangesAsync(length);
        return await Source.FinishAsync(length + TimeSpan.FromSeconds(60));
    }

    /// <summary>
    /// Waits until nothing more comes, every feed has delivered all, and the sums close. How much came is for the stores to say: they name what is missing.
    /// </summary>
    public async Task WaitUntilDeliveredAsync(ForeignProcess gateway)
    {
        var (journaled, since) = (-1L, TimeProvider.System.GetTimestamp());
        await GatewayProcess.WaitForAsync(
            httpPort,
            "/api/ledger",
            ledger =>
            {
                if ((long)ledger["journaled"]! != journaled)
                    (journaled, since) = ((long)ledger["journaled"]!, TimeProvider.System.GetTimestamp());
                return TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(5)
                    && (bool)ledger["closes"]!
                    && ledger["feeds"]!.AsArray().Count == 4
                    && ledger["feeds"]!.AsArray().All(f => (long)f!["waiting"]! == 0 && (long)f["refused"]! == 0);
            },
            gateway,
            TimeSpan.FromSeconds(120));
    }

    public async Task AssertStoresEqualAsync(Truth truth)
    {
        foreach (var (store, points) in new[] { ("InfluxDB", await Influx.PointsAsync()), ("VictoriaMetrics", await Victoria.PointsAsync()) })
        {
            Assert.True(points.Count == truth.Count.Count, $"{store} holds {points.Count} signals of {truth.Count.Count}");
            foreach (var (signal, count) in truth.Count)
            {
                Assert.True(points[signal].Count == count, $"{store} holds {points[signal].Count} of {count} values of {signal}; missing are rounds {string.Join(", ", Missing(truth, points[signal]))} of {truth.Ticks.Length}");
                Assert.Equal(truth.Sum[signal], points[signal].Values.Sum());
            }
        }
    }

    private static IEnumerable<string> Missing(Truth truth, Dictionary<long, double> held) =>
        truth.Ticks.Index().Where(tick => !held.ContainsKey(tick.Item)).Select(tick => $"{tick.Index} at {DateTimeOffset.FromUnixTimeMilliseconds(tick.Item):HH:mm:ss.fff}");

    /// <summary>The journal holds every change once.</summary>
    public async Task AssertJournaledOnceAsync(Truth truth)
    {
        var ledger = await GatewayProcess.GetAsync(httpPort, "/api/ledger");
        Assert.Equal(truth.Changes, (long)ledger["journaled"]!);
    }

    /// <summary>The retained message of every signal is the last value that was produced.</summary>
    public async Task AssertRetainedEqualsLastAsync(Truth truth)
    {
        await using var subscriber = ForeignProcess.Start(
            "/usr/bin/mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{Broker.Port}", "-t", "#", "-C", $"{Variables}", "-W", "20", "-F", "%t %r %p"]);
        await subscriber.WaitForExitAsync();
        var retained = subscriber.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("$gateway", StringComparison.Ordinal)).ToList();
        Assert.True(retained.Count >= Variables - 5, $"only {retained.Count} retained messages came");
        var lastTick = DateTimeOffset.FromUnixTimeMilliseconds(truth.Ticks[^1]).UtcDateTime.ToString("O");
        Assert.All(retained, line => Assert.Contains(lastTick, line, StringComparison.Ordinal));
    }

    /// <summary>Stops as a service manager would: the feeds drain and the exit code is 0.</summary>
    public async Task StopGatewayAsync(ForeignProcess gateway)
    {
        gateway.Terminate();
        Assert.True(await gateway.WaitForExitAsync() == 0, gateway.Output);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Broker.DisposeAsync();
        await Influx.DisposeAsync();
        await Victoria.DisposeAsync();
        work.Dispose();
    }

    /// <summary>As an engineer would: browse, be told which certificate to trust, move it, browse again, name the feeds.</summary>
    private async Task ConfigureAsync(int queue)
    {
        Environment.SetEnvironmentVariable("CHAIN_PASSWORD", CountedSource.Password);
        string[] browse =
        [
            "browse", Source.Url, "--out", work["gateway.yaml"], "--policy", "Basic256Sha256", "--mode", "SignAndEncrypt",
            "--user", CountedSource.User, "--password-env", "CHAIN_PASSWORD", "--data", work["data"], "--http", $"{httpPort}",
        ];
        var (refused, message) = await GatewayProcess.RunAsync(browse);
        Assert.True(refused == 1, message);
        var rejected = Assert.Single(Directory.GetFiles(work["data/pki/rejected"]));
        Assert.Contains(rejected, message, StringComparison.Ordinal);
        Assert.Contains(work["data/pki/trusted"], message, StringComparison.Ordinal);
        File.Move(rejected, Path.Combine(work["data/pki/trusted"], Path.GetFileName(rejected)));
        var (done, output) = await GatewayProcess.RunAsync(browse);
        Assert.True(done == 0, output);
        var browsed = await File.ReadAllTextAsync(work["gateway.yaml"]);
        if (queue > 0)
            browsed = browsed.Replace("queueSize: 100", $"queueSize: {queue}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            work["gateway.yaml"],
            FeedsSection().Replace(browsed, "") + $"""
            feeds:
              uns: {"{"} type: mqtt, url: "{Broker.Url}" {"}"}
              influx: {"{"} type: influxdb, version: 1, url: "{Influx.Url.AbsoluteUri}", database: plant, createDatabase: true {"}"}
              victoria: {"{"} type: influxdb, version: 2, url: "{Victoria.Url.AbsoluteUri}", organization: none, bucket: none {"}"}

            """);
        var (valid, report) = await GatewayProcess.RunAsync("check", "--config", work["gateway.yaml"]);
        Assert.True(valid == 0, report);
    }

    [GeneratedRegex(@"^feeds:\s*\n(?:(?:[ \t#].*)?\n)*", RegexOptions.Multiline)]
    private static partial Regex FeedsSection();
}
