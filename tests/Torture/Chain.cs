using System.Net;
using System.Text.Json.Nodes;
using FloorGateway.Simulators.Faults;
using FloorGateway.TestKit;
using FloorGateway.TestKit.Foreign;

namespace Torture;

/// <summary>Everything that runs: equipment, gateway, broker, database, consumer, and a bad network between them.</summary>
internal sealed class Chain : IAsyncDisposable
{
    private readonly string folder;
    private readonly TimeSpan patience;
    private readonly int httpPort = Ports.Free();
    private readonly List<string> gatewaySaid = [];
    private ForeignProcess? gateway;

    private Chain(string folder, MosquittoBroker broker, InfluxServer influx, SmallDisk? disk, TortureOptions options)
    {
        this.folder = folder;
        patience = options.Patience;
        (Broker, Influx, Disk) = (broker, influx, disk);
        Clock = GatewayClock.TryMake(folder);
        Data = Path.Combine(disk?.Folder ?? folder, "data");
        Watch = new JournalWatch(Journal);
        Equipment = [new Equipment("cas", "DC01", folder, options.Seed), new Equipment("asm", "TT01", folder, options.Seed)];
        BrokerLink = new TcpFaultProxy(new IPEndPoint(IPAddress.Loopback, broker.Port));
        InfluxLink = new TcpFaultProxy(new IPEndPoint(IPAddress.Loopback, influx.Port));
        EquipmentLinks = [.. Equipment.Select(e => new TcpFaultProxy(new IPEndPoint(IPAddress.Loopback, e.Port)))];
        Consumer = new Subscriber(broker.Port);
    }

    public MosquittoBroker Broker { get; }

    public InfluxServer Influx { get; }

    public SmallDisk? Disk { get; }

    public GatewayClock? Clock { get; }

    public IReadOnlyList<Equipment> Equipment { get; }

    public TcpFaultProxy BrokerLink { get; }

    public TcpFaultProxy InfluxLink { get; }

    public IReadOnlyList<TcpFaultProxy> EquipmentLinks { get; }

    public IEnumerable<TcpFaultProxy> Links => [BrokerLink, InfluxLink, .. EquipmentLinks];

    public Subscriber Consumer { get; }

    /// <summary>The gateway's data folder.</summary>
    public string Data { get; }

    public string Journal => Path.Combine(Data, "journal");

    /// <summary>Knows when what was written.</summary>
    public JournalWatch Watch { get; }

    public string HistoryFile => Path.Combine(Data, "history.db");

    /// <summary>All that gateways said, the last one's included.</summary>
    public string GatewayLog => string.Join("\n--- ended ---\n", gatewaySaid.Append(gateway?.Output ?? ""));

    public static async Task<Chain> StartAsync(string folder, SmallDisk? disk, TortureOptions options, CancellationToken cancel)
    {
        // A broker that acknowledges has passed on: nothing waits in its memory, where a kill would lose it.
        var broker = await MosquittoBroker.StartAsync("max_inflight_messages 0");
        var influx = await InfluxServer.StartAsync();
        var chain = new Chain(folder, broker, influx, disk, options);
        foreach (var equipment in chain.Equipment)
            await equipment.StartAsync();
        await chain.Consumer.StartAsync(cancel);
        await chain.Consumer.WaitUntilListeningAsync(cancel);
        await chain.ConfigureAsync();
        chain.StartGateway();
        await chain.WaitUntilConnectedAsync();
        return chain;
    }

    public void StartGateway() => gateway = Product.Start(["run", "--config", Path.Combine(folder, "gateway.yaml")], Clock?.Environment);

    /// <summary>Starts the gateway again where it has ended by itself, as a service manager does.</summary>
    public async Task StartGatewayIfEndedAsync()
    {
        // One that is about to give up gets the time for it.
        for (var i = 0; i < 20 && !gateway!.HasExited; i++)
            await Task.Delay(100);
        if (!gateway!.HasExited)
            return;
        await NoteEndAsync();
        StartGateway();
    }

    /// <exception cref="InvalidOperationException">The gateway has ended by itself.</exception>
    public Task WaitUntilConnectedAsync() => WaitForAsync("/api/status", s => s["connections"]!.AsArray() is { Count: 2 } all && all.All(c => (string?)c!["state"] == "Connected"));

    public async Task KillGatewayAsync()
    {
        await gateway!.KillAsync();
        await NoteEndAsync();
    }

    /// <summary>Stops the gateway as a service manager would.</summary>
    public async Task StopGatewayAsync()
    {
        gateway!.Terminate();
        if (await gateway.WaitForExitAsync(patience) != 0)
            throw new InvalidOperationException($"the gateway was stopped and ended with {gateway.ExitCode}:\n{gateway.Output}");
        await NoteEndAsync();
    }

    public async Task KillBrokerAsync()
    {
        await Broker.KillAsync();
        BrokerLink.Cut();
    }

    /// <summary>Starts the broker; the consumer is back before the gateway is.</summary>
    public async Task StartBrokerAsync()
    {
        await Broker.StartAgainAsync();
        using var limit = new CancellationTokenSource(patience);
        await Consumer.WaitUntilListeningAsync(limit.Token);
        BrokerLink.Mend();
    }

    /// <summary>The ledger, once it closes and no feed has a backlog.</summary>
    public Task<JsonNode> LedgerAsync() => WaitForAsync("/api/ledger", l => (bool)l["closes"]! && l["feeds"]!.AsArray() is { Count: 3 } feeds && feeds.All(f => (long)f!["backlog"]! == 0));

    /// <summary>Nothing more comes: waits until every feed has delivered all, and stops the gateway as a service manager would.</summary>
    /// <returns>Whether the ledger closed, and what the gateway printed.</returns>
    public async Task<(bool Closes, string Said)> FinishAsync()
    {
        await WaitForAsync("/api/ledger", l => (bool)l["closes"]! && l["feeds"]!.AsArray() is { Count: 3 } feeds && feeds.All(f => (long)f!["waiting"]! == 0));
        gateway!.Terminate();
        var code = await gateway.WaitForExitAsync(patience);
        return (code == 0, gateway.Output);
    }

    /// <summary>Paths of the tags that the gateway asks for.</summary>
    public async Task<HashSet<string>> TagsAsync() => [.. (await WaitForAsync("/api/tags", _ => true))["tags"]!.AsArray().Select(t => (string)t!["path"]!)];

    public async ValueTask DisposeAsync()
    {
        if (gateway is not null)
            await gateway.DisposeAsync();
        await Watch.DisposeAsync();
        await Consumer.DisposeAsync();
        foreach (var equipment in Equipment)
            await equipment.DisposeAsync();
        foreach (var link in Links)
            await link.DisposeAsync();
        await Broker.DisposeAsync();
        await Influx.DisposeAsync();
    }

    private Task<JsonNode> WaitForAsync(string path, Func<JsonNode, bool> isSo) => Product.WaitForAsync(httpPort, path, isSo, patience, gateway!);

    private async Task NoteEndAsync()
    {
        gatewaySaid.Add(gateway!.Output);
        await gateway.DisposeAsync();
    }

    private Task ConfigureAsync() => File.WriteAllTextAsync(Path.Combine(folder, "gateway.yaml"), $$$"""
        gateway: {id: torture-01, site: LXE/JSH, data: "{{{Data}}}", http: {bind: 127.0.0.1, port: {{{httpPort}}}}}
        journal: {segmentSize: 1MB, keepSize: 60MB, maxSize: 100MB, whenFull: wait}
        servers:
          cas: {url: "opc.tcp://127.0.0.1:{{{EquipmentLinks[0].Port}}}", security: {autoAccept: true}, publishingInterval: 100ms, samplingInterval: 100ms, queueSize: 10000, reconnectMin: 200ms, reconnectMax: 1s}
          asm: {url: "opc.tcp://127.0.0.1:{{{EquipmentLinks[1].Port}}}", security: {autoAccept: true}, publishingInterval: 100ms, samplingInterval: 100ms, queueSize: 10000, reconnectMin: 200ms, reconnectMax: 1s}
        include: ["{{{RepositoryRoot.Combine("config", "equipment-types")}}}/*.yaml"]
        units:
          - {path: LXE/JSH/CAS/L01/DC01/PRESS, type: DieCastPress, server: cas, with: {unit: DC01}}
          - {path: LXE/JSH/CAS/L01/DC01/FURNACE, type: DosingFurnace, server: cas, with: {unit: DC01}}
          - {path: LXE/JSH/CAS/L01/DC01/TCU1, type: DieTemperatureUnit, server: cas, with: {unit: DC01.TCU1}}
          - {path: LXE/JSH/ASM/CHAS/TT01/TT01, type: TighteningStation, server: asm, with: {unit: TT01}}
        feeds:
          uns: {type: mqtt, url: "mqtt://127.0.0.1:{{{BrokerLink.Port}}}"}
          influx: {type: influxdb, version: 1, url: "http://127.0.0.1:{{{InfluxLink.Port}}}", database: {{{Stores.Database}}}, createDatabase: true}
          history: {type: history, retention: 7d}

        """);
}
