using System.Text.Json;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.TestKit;

namespace FloorGateway.Simulators.Tests.OpcUa;

public sealed class EquipmentServerTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<Simulation> Start(double timeScale, params string[] units) => Simulation.StartAsync(new()
    {
        Seed = 3,
        TimeScale = timeScale,
        DataDir = _folder.Path,
        Servers = [new() { Name = "test", Port = 0, Units = units }],
    });

    private static UaClientOptions Insecure(Simulation simulation) => new()
    {
        EndpointUrl = simulation.Servers[0].EndpointUrl,
        SecurityPolicy = SecurityPolicy.None,
        SecurityMode = MessageSecurityMode.None,
    };

    private static ushort Namespace(UaClient client, Unit unit) => (ushort)client.NamespaceUris.ToList().IndexOf(unit.NamespaceUri);

    [Fact]
    public async Task Signals_are_nodes_with_type_unit_and_range()
    {
        await using var simulation = await Start(1, "DC01", "FR01");
        await using var client = await UaClient.ConnectAsync(Insecure(simulation));
        Assert.Equal(UnitNodes.Namespaces, client.NamespaceUris.Skip(2).Take(UnitNodes.Namespaces.Count));
        var ns = Namespace(client, simulation.Unit("DC01"));
        var values = await client.ReadValuesAsync(
        [
            new NodeId(ns, "DC01.Shot.Velocity"),
            new NodeId(ns, "DC01.Shot.Velocity.EngineeringUnits"),
            new NodeId(ns, "DC01.Shot.Velocity.EURange"),
            new NodeId(ns, "DC01.TCU3.FlowRate"),
            new NodeId(ns, "DC01.Die.Temp"),
            new NodeId(Namespace(client, simulation.Unit("FR01")), "FR01.TRAY02.ContactBits"),
        ]);
        Assert.All(values, v => Assert.True(v.Status.IsGood, v.Status.ToString()));
        Assert.Equal(BuiltInType.Double, values[0].Value.Type);
        Assert.Equal(8, ((double[])values[4].Value.Boxed!).Length);
        Assert.Equal(BuiltInType.UInt64, values[5].Value.Type);
        Assert.True(values[1].Value.TryGet<ExtensionObject>(out var unit));
        var information = Assert.IsType<EUInformation>(unit.Decoded);
        Assert.Equal(('M' << 16) + ('T' << 8) + 'S', information.UnitId);
        Assert.Equal("http://www.opcfoundation.org/UA/units/un/cefact", information.NamespaceUri);
        Assert.True(values[2].Value.TryGet<ExtensionObject>(out var range));
        Assert.Equal(7, Assert.IsType<FloorGateway.OpcUa.Types.Range>(range.Decoded).High);
    }

    [Fact]
    public async Task Chinese_texts_are_shown_for_area_cell_and_signal()
    {
        await using var simulation = await Start(1, "DC01");
        await using var client = await UaClient.ConnectAsync(Insecure(simulation));
        var ns = Namespace(client, simulation.Unit("DC01"));
        NodeId[] nodes = [new(ns, "DC01"), new(ns, "DC01.Furnace.MetalTemp"), new(2, "CAS")];
        var names = await client.ReadAsync([.. nodes.Select(id => new ReadValueId { NodeId = id, AttributeId = AttributeIds.DisplayName })]);
        Assert.Equal(["压铸 DC01", "炉温", "压铸"], names.Select(n => n.Value.TryGet<LocalizedText>(out var text) ? text.Text : null));
    }

    [Theory]
    [InlineData(MessageSecurityMode.Sign)]
    [InlineData(MessageSecurityMode.SignAndEncrypt)]
    public async Task Basic256Sha256_is_offered_in_both_modes(MessageSecurityMode mode)
    {
        await using var simulation = await Start(1, "TT01");
        var trust = new TrustList(_folder["client"]);
        using var own = ApplicationCertificate.LoadOrCreate(trust.OwnFolder, new() { ApplicationName = "client", ApplicationUri = "urn:localhost:test" });
        await using var client = await UaClient.ConnectAsync(new()
        {
            EndpointUrl = simulation.Servers[0].EndpointUrl,
            SecurityMode = mode,
            Certificate = own,
            TrustList = trust,
            CertificateRules = new() { AutoAcceptUntrusted = true },
        });
        var value = await client.ReadValueAsync(new NodeId(Namespace(client, simulation.Unit("TT01")), "TT01.State"));
        Assert.True(value.Status.IsGood);
    }

    [Fact]
    public async Task Methods_are_called_with_their_preconditions()
    {
        await using var simulation = await Start(1, "DC01");
        await using var client = await UaClient.ConnectAsync(Insecure(simulation));
        var ns = Namespace(client, simulation.Unit("DC01"));
        var cell = new NodeId(ns, "DC01");
        ValueTask<CallMethodResult> Call(string method, params Variant[] arguments) => client.CallAsync(cell, new NodeId(ns, "DC01." + method), arguments);

        // The operator starts the cell after a second; the die is cold for longer than this test takes.
        Assert.Equal(MethodOutcome.BadInvalidState, (await Call("Hold", Variant.From("test"))).StatusCode.Value);
        Assert.True((await Call("SetPoint", Variant.From("FastVelocity"), Variant.From(6.0), Variant.From("MTS"))).StatusCode.IsGood);
        Assert.Equal(6.0, (await client.ReadValueAsync(new NodeId(ns, "DC01.SetPoint.FastVelocity"))).Value.AsDouble());
        Assert.Equal(MethodOutcome.BadOutOfRange, (await Call("SetPoint", Variant.From("IntensPressure"), Variant.From(95.0), Variant.From("MPA"))).StatusCode.Value);
        Assert.True((await Call("Abort", Variant.From("test"))).StatusCode.IsGood);
        Assert.InRange((await client.ReadValueAsync(new NodeId(ns, "DC01.State"))).Value.AsInt32(), 8, 9);
    }

    [Fact]
    public async Task Subscriber_receives_every_change_of_the_truth_in_order()
    {
        await using var simulation = await Start(60, "DC01", "TT01", "FR01");
        var signals = simulation.Units.SelectMany(u => u.Signals).ToArray();
        var items = signals.Select((s, i) => new MonitoredItemSettings((uint)i, new ExpandedNodeId(new NodeId(0, s.NodeName), s.Unit.NamespaceUri))
        {
            SamplingIntervalMs = 0,
            QueueSize = 10_000,
        });
        var received = new ReceivedChanges(signals.Length);
        await using var subscription = ResilientSubscription.Start(
            Insecure(simulation), new() { PublishingInterval = TimeSpan.FromMilliseconds(50) }, [.. items], received);
        await received.UntilAsync(5_000);
        await simulation.StopProductionAsync();

        // What a signal was before it was subscribed to is not sent; from the first value on nothing may be missing.
        var expected = Stamps(simulation.TruthFile);
        var total = 0L;
        for (var i = 0; i < signals.Length; i++)
        {
            var stamps = expected[signals[i].Path];
            total += stamps.Count - stamps.IndexOf(received.First(i));
        }

        await received.UntilAsync(total);
        for (var i = 0; i < signals.Length; i++)
            Assert.Equal(expected[signals[i].Path].SkipWhile(t => t < received.First(i)), received.Stamps(i));
        Assert.Equal(0, received.Overflows);
        Assert.Equal(0, received.Gaps);
    }

    private static Dictionary<string, List<long>> Stamps(string truthFile)
    {
        var result = new Dictionary<string, List<long>>();
        foreach (var line in File.ReadLines(truthFile))
        {
            using var json = JsonDocument.Parse(line);
            if (!json.RootElement.TryGetProperty("path", out var name)) continue;
            var path = name.GetString()!;
            if (!result.TryGetValue(path, out var stamps)) result.Add(path, stamps = []);
            stamps.Add(json.RootElement.GetProperty("time").GetDateTime().ToUniversalTime().Ticks);
        }

        return result;
    }
}
