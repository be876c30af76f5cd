using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Faults;
using FloorGateway.TestKit;

namespace FloorGateway.Simulators.Tests.Faults;

/// <summary>Against a real server on a real socket; the simulation stands still, so that nothing depends on time.</summary>
public sealed class ServerFaultTests : IDisposable
{
    private const string Base = "http://jsev.example/UA/Base/";

    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    private SimulationOptions Options => new()
    {
        Seed = 3,
        DataDir = _folder.Path,
        WaitForBegin = true,
        Servers = [new() { Name = "all", Port = 0, Units = ["DC01", "ELF01"] }],
    };

    private static Task<UaClient> ConnectAsync(Simulation simulation) => UaClient.ConnectAsync(
        new UaClientOptions { EndpointUrl = simulation.Servers[0].EndpointUrl, SecurityPolicy = SecurityPolicy.None, SecurityMode = MessageSecurityMode.None }, cancel: TestContext.Current.CancellationToken);

    private static NodeId Node(UaClient client, string uri, string id) => new((ushort)client.NamespaceUris.ToList().IndexOf(uri), id);

    private static async Task<string> InjectAsync(UaClient client, string unit, string signal, string fault, string param, double seconds = 0)
    {
        var result = await client.CallAsync(
            Node(client, Base, "SimControl"),
            Node(client, Base, "SimControl.InjectFault"),
            [Variant.From(unit), Variant.From(signal), Variant.From(fault), Variant.From(param), Variant.From(seconds)],
            TestContext.Current.CancellationToken);
        Assert.True(result.StatusCode.IsGood, $"{result.StatusCode}");
        return result.OutputArguments![0].AsString()!;
    }

    [Fact]
    public async Task Method_injects_a_fault_and_says_what_is_wrong_with_one()
    {
        await using var simulation = await Simulation.StartAsync(Options, cancellationToken: TestContext.Current.CancellationToken);
        await using var client = await ConnectAsync(simulation);
        Assert.Equal("", await InjectAsync(client, "DC01", "Furnace.MetalTemp", "F4", "BadDeviceFailure"));
        var read = await client.ReadValueAsync(Node(client, "http://jsev.example/UA/DieCasting/", "DC01.Furnace.MetalTemp"), TestContext.Current.CancellationToken);
        Assert.Equal(StatusCodes.BadDeviceFailure, read.Status.Value);
        var active = await client.ReadValueAsync(Node(client, Base, "SimControl.ActiveFaults"), TestContext.Current.CancellationToken);
        Assert.Equal(["DC01/Furnace.MetalTemp F4 BadDeviceFailure"], active.Value.AsArray<string>()!);
        Assert.Contains("DC01 has no signal Furnace.Temp", await InjectAsync(client, "DC01", "Furnace.Temp", "F1", ""), StringComparison.Ordinal);
        var cleared = await client.CallAsync(Node(client, Base, "SimControl"), Node(client, Base, "SimControl.ClearFaults"), [Variant.From("DC01")], TestContext.Current.CancellationToken);
        Assert.Equal(1, cleared.OutputArguments![0].AsInt32());
    }

    [Fact]
    public async Task Cut_off_server_refuses_clients_until_the_fault_ends()
    {
        await using var simulation = await Simulation.StartAsync(Options, cancellationToken: TestContext.Current.CancellationToken);
        await using (await ConnectAsync(simulation))
        {
            Assert.Empty(simulation.Inject(new() { Unit = "all", Fault = "F5" }));
            await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(simulation));
        }

        simulation.ClearFaults();
        await using var again = await ConnectAsync(simulation);
    }

    [Fact]
    public async Task Restarted_server_has_the_same_nodes_and_values_under_another_namespace_index()
    {
        await using var simulation = await Simulation.StartAsync(Options, cancellationToken: TestContext.Current.CancellationToken);
        NodeId before;
        DataValue value;
        await using (var client = await ConnectAsync(simulation))
        {
            before = Node(client, "http://jsev.example/UA/DieCasting/", "DC01.Furnace.MetalTemp");
            value = await client.ReadValueAsync(before, TestContext.Current.CancellationToken);
        }

        // Twice in a row: the second must not stop a server that is gone already.
        for (var i = 0; i < 2; i++)
        {
            Assert.Empty(simulation.Inject(new() { Unit = "DC01", Fault = "F10", For = TimeSpan.FromSeconds(1) }));
            simulation.ClearFaults();
        }

        await simulation.Servers[0].Settled;
        await using var again = await ConnectAsync(simulation);
        var after = Node(again, "http://jsev.example/UA/DieCasting/", "DC01.Furnace.MetalTemp");
        Assert.NotEqual(before, after);
        var read = await again.ReadValueAsync(after, TestContext.Current.CancellationToken);
        Assert.Equal((value.Value.AsDouble(), value.SourceTicks), (read.Value.AsDouble(), read.SourceTicks));
    }

    [Fact]
    public async Task Clients_work_through_a_network_that_tears_delays_and_throttles()
    {
        await using var simulation = await Simulation.StartAsync(Options, cancellationToken: TestContext.Current.CancellationToken);
        await using var proxy = new TcpFaultProxy(new Uri(simulation.Servers[0].EndpointUrl).Port) { SplitBytes = 5, Delay = TimeSpan.FromMilliseconds(3), BytesPerSecond = 400_000 };
        await using var client = await UaClient.ConnectAsync(
            new UaClientOptions { EndpointUrl = $"opc.tcp://127.0.0.1:{proxy.Port}", SecurityPolicy = SecurityPolicy.None, SecurityMode = MessageSecurityMode.None }, cancel: TestContext.Current.CancellationToken);
        var nodes = simulation.Unit("DC01").Signals.Select(s => Node(client, "http://jsev.example/UA/DieCasting/", s.NodeName)).ToList();
        var values = await client.ReadValuesAsync(nodes, TestContext.Current.CancellationToken);
        Assert.All(values, v => Assert.True(v.Status.IsGood));
        Assert.NotEqual(0, proxy.Connections);
    }

    [Fact]
    public async Task Mass_can_be_declared_in_a_unit_nobody_knows()
    {
        await using var simulation = await Simulation.StartAsync(Options, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(simulation.Inject(new() { Unit = "ELF01", Fault = "unit-in-chinese" }));
        Assert.Equal("克", Declared(simulation));
        simulation.ClearFaults();
        Assert.NotEqual("克", Declared(simulation));
    }

    private static string? Declared(Simulation simulation)
    {
        var space = simulation.Servers[0].Space;
        var node = space.Nodes.Single(n => n.Id.ToString().EndsWith("s=ELF01.DoseMass", StringComparison.Ordinal));
        foreach (var reference in node.References)
        {
            if (reference.Target is FloorGateway.OpcUa.AddressSpace.VariableNode { BrowseName.Name: "EngineeringUnits" } unit)
                return unit.GetValue().Value.AsStructure<EUInformation>()?.DisplayName.Text;
        }

        return null;
    }
}
