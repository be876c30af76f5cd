using System.Net;
using FloorGateway.Simulators.Faults;
using FloorGateway.TestKit;
using FloorGateway.TestKit.Foreign;

namespace Torture;

/// <summary>Everything that runs: equipment, gateway, broker, database, consumer, and a bad network between them.</summary>
internal sealed class Chain : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string folder;
    private readonly int httpPort = Ports.Free();
    private readonly List<string> gatewaySaid = [];
    private ForeignProcess? gateway;

    private Chain(string folder, MosquittoBroker broker, InfluxServer influx, SmallDisk? disk, int seed)
    {
        this.folder = folder;
        (Broker, Influx, Disk) = (broker, influx, disk);
        Data = Path.Combine(disk?.Folder ?? folder, "data");
        Equipment = [new Equipment("cas", "DC01", folder, seed), new Equipment("asm", "TT01", folder, seed)];
        BrokerLink = new TcpFaultProxy(new IPEndPoint(IPAddress.Loopback, broker.Port));
        InfluxLink = new TcpFaultProxy(new IPEndPoint(IPAddress.Loopback, influx.Port));
        EquipmentLinks = [.. Equipment.Select(e => new TcpFaultProxy(new IPEndPoint(IPAddress.Loopback, e.Port)))];
        Consumer = new Subscriber(broker.Port);
    }

    public MosquittoBroker Broker { get; }

    public InfluxServer Influx { get; }

    public SmallDisk? Disk { get; }

    public IReadOnlyList<Equipment> Equipment { get; }

    public TcpFaultProxy BrokerLink { get; }

    public TcpFaultProxy InfluxLink { get; }

    public IReadOnlyList<TcpFaultProxy> EquipmentLinks { get; }

    public Subscriber Consumer { get; }

    /// <summary>The gateway's data folder.</summary>
    public string Data { get; }

    public static async Task<Chain> StartAsync(string folder, SmallDisk? disk, int seed, CancellationToken cancel)
    {
        // A broker that acknowledges has passed on: nothing waits in its memory, where a kill would lose it.
        var broker = await MosquittoBroker.StartAsync("max_inflight_messages 0");
        var influx = await InfluxServer.StartAsync();
        var chain = new Chain(folder, broker, influx, disk, seed);
        foreach (var equipment in chain.Equipment)
            await equipment.StartAsync();
        await chain.Consumer.StartAsync(cancel);
        await chain.ConfigureAsync();
        await chain.StartGatewayAsync();
        return chain;
    }

    /// <summary>Starts the gateway; with its servers in reach it is connected when this returns.</summary>
    public async Task StartGatewayAsync()
    {
        gateway = Product.Start("run", "--config", Path.Combine(folder, "gateway.yaml"));
        await WaitUntilConnectedAsync();
    }

    public Task WaitUntilConnectedAsync() => Product.WaitForAsync(
        httpPort, "/api/status", s => s["connections"]!.AsArray() is { Count: 2 } all && all.All(c => (string?)c!["state"] == "Connected"), Patience, () => gateway!.Output);

    public async Task KillGatewayAsync()
    {
        await gateway!.KillAsync();
        gatewaySaid.Add(gateway.Output);
        await gateway.DisposeAsync();
    }

    /// <summary>Kills the broker and starts it again; the consumer is back before the gateway is.</summary>
    public async Task KillBrokerAsync(TimeSpan down)
    {
        await Broker.KillAsync();
        BrokerLink.Cut();
        await Task.Delay(down);
        await Broker.StartAgainAsync();
        using var limit = new CancellationTokenSource(Patience);
        while (!Consumer.IsConnected)
            await Task.Delay(50, limit.Token);
        // Its subscription is made right behind the connection.
        await Task.Delay(500, limit.Token);
        BrokerLink.Mend();
    }

    /// <summary>Nothing more comes: waits until every feed has delivered all, and stops the gateway as a service manager would.</summary>
    /// <returns>The ledger as the gateway printed it, and whether it closed.</returns>
    public async Task<(bool Closes, string Said)> FinishAsync()
    {
        await Product.WaitForAsync(
            httpPort, "/api/ledger", l => (bool)l["closes"]! && l["feeds"]!.AsArray() is { Count: 3 } feeds && feeds.All(f => (long)f!["waiting"]! == 0), Patience, () => gateway!.Output);
        gateway!.Terminate();
        var code = await gateway.WaitForExitAsync();
        return (code == 0, gateway.Output);
    }

    /// <summary>Paths of the tags that the gateway asks for.</summary>
    public async Task<HashSet<string>> TagsAsync() =>
        [.. (await Product.WaitForAsync(httpPort, "/api/tags", _ => true, Patience, () => gateway!.Output))["tags"]!.AsArray().Select(t => (string)t!["path"]!)];

    /// <summary>All that gateways said, the last one's included.</summary>
    public string GatewayLog => string.Join("\n--- killed ---\n", gatewaySaid.Append(gateway?.Output ?? ""));

    public async ValueTask DisposeAsync()
    {
        if (gateway is not null)
            await gateway.DisposeAsync();
        await Consumer.DisposeAsync();
        foreach (var equipment in Equipment)
            await equipment.DisposeAsync();
        foreach (var link in EquipmentLinks)
            await link.DisposeAsync();
        await BrokerLink.DisposeAsync();
        await InfluxLink.DisposeAsync();
        await Broker.DisposeAsync();
        await Influx.DisposeAsync();
    }

    private Task ConfigureAsync() => File.WriteAllTextAsync(Path.Combine(folder, "gateway.yaml"), $$$"""
        gateway: {id: torture-01, site: LXE/JSH, data: "{{{Data}}}", http: {bind: 127.0.0.1, port: {{{httpPort}}}}}
        journal: {segmentSize: 1MB, keepSize: 20MB, maxSize: 100MB}
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
