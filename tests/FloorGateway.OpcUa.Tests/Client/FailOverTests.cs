using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Client;

/// <summary>Non-transparent redundancy and servers that number their namespaces anew.</summary>
public sealed class FailOverTests
{
    private readonly RecordingHandler _handler = new();

    [Theory]
    [InlineData(100, 255, true)]
    [InlineData(100, 150, true)]
    [InlineData(100, 100, false)]
    [InlineData(220, 255, false)]
    [InlineData(-1, 0, true)]
    public void Moves_only_when_the_server_is_not_well_and_another_is_better(int level, byte other, bool moves) =>
        Assert.Equal(moves ? "b" : null, RedundantSet.Better(level, new Dictionary<string, byte> { ["b"] = other }));

    [Fact]
    public void Asks_the_others_after_the_second_failure_in_a_row()
    {
        var set = new RedundantSet("a", ["b"]);
        Assert.False(set.Failed());
        set.Reached();
        Assert.False(set.Failed());
        Assert.True(set.Failed());
        set.Move("b");
        Assert.Equal(["a"], set.Others);
        Assert.False(new RedundantSet("a", []).Failed());
    }

    [Fact]
    public void Learned_servers_are_asked_beside_the_configured_ones()
    {
        var set = new RedundantSet("opc.tcp://a", []);
        set.Learn(["opc.tcp://B", "opc.tcp://b", "opc.tcp://a"]);
        Assert.Equal(["opc.tcp://B"], set.Others);
    }

    [Fact]
    public async Task Moves_to_the_other_server_when_the_service_level_falls_and_names_the_gap()
    {
        await using var one = await PlainServer.StartAsync(1);
        await using var other = await PlainServer.StartAsync(1);
        var options = one.Options with { RedundantUrls = [other.Options.EndpointUrl], KeepAliveInterval = TimeSpan.FromMilliseconds(50), RequestTimeout = TimeSpan.FromSeconds(1) };
        await using var subscription = ResilientSubscription.Start(options, PlainServer.Fast with { KeepAliveInterval = TimeSpan.FromMilliseconds(100) }, one.Items(1), _handler);
        await _handler.ExpectAsync("running", "0");
        one.Space.Get<VariableNode>(VariableIds.Server_ServiceLevel).SetValue(Variant.From((byte)100));
        await _handler.ExpectAsync("gap", "running", "0");
        Assert.Contains("ServiceLevel fell to 100", _handler.LastGap!.Cause, StringComparison.Ordinal);
        other.Variables[0].SetValue(7.0);
        await _handler.ExpectAsync("7");
        Assert.Equal(0, one.Server.SessionCount);
        Assert.Equal(0, one.Server.SubscriptionCount);
    }

    [Fact]
    public async Task A_server_that_is_not_running_is_told_and_left_only_for_another()
    {
        await using var server = await PlainServer.StartAsync(1);
        var options = server.Options with { KeepAliveInterval = TimeSpan.FromMilliseconds(50), RequestTimeout = TimeSpan.FromSeconds(1) };
        await using var subscription = ResilientSubscription.Start(options, PlainServer.Fast with { KeepAliveInterval = TimeSpan.FromMilliseconds(100) }, server.Items(1), _handler);
        await _handler.ExpectAsync("running", "0");
        server.Server.SetState(ServerState.Suspended);
        await _handler.ExpectAsync("server Suspended");
        server.Server.SetState(ServerState.Running);
        await _handler.ExpectAsync("server Running");
        server.Variables[0].SetValue(1.0);
        await _handler.ExpectAsync("1");
    }

    [Fact]
    public async Task Moves_to_the_other_server_when_its_own_is_gone()
    {
        var one = await PlainServer.StartAsync(1);
        await using var other = await PlainServer.StartAsync(1);
        var options = one.Options with { RedundantUrls = [other.Options.EndpointUrl] };
        await using var subscription = ResilientSubscription.Start(options, PlainServer.Fast, one.Items(1), _handler);
        await _handler.ExpectAsync("running", "0");
        await one.DisposeAsync();
        await _handler.ExpectAsync("gap", "running", "0");
        Assert.Equal(1, other.Server.SessionCount);
    }

    [Theory]
    [InlineData("nsu")]
    [InlineData("index")]
    [InlineData("path")]
    public async Task Items_find_their_nodes_again_when_the_namespaces_are_numbered_anew(string by)
    {
        VariableNode? watched = null;
        await using var server = await PlainServer.StartAsync(0, prepare: space => watched = Prepare(space, "urn:a"));
        MonitoredItemSettings item = by switch
        {
            "nsu" => new(1, ExpandedNodeId.Parse("nsu=urn:a;s=Press.Speed")),
            "index" => new(1, ExpandedNodeId.Parse($"ns={watched!.Id.NamespaceIndex};s=Press.Speed")),
            _ => new(1, new NodeId(ObjectIds.ObjectsFolder)) { Path = FloorGateway.OpcUa.Client.NodePath.Parse("nsu=urn:a;Press/Speed") },
        };
        await using var subscription = ResilientSubscription.Start(server.Options, PlainServer.Fast, [item with { SamplingIntervalMs = 0 }], _handler);
        await _handler.ExpectAsync("running", "1");
        var before = watched!.Id.NamespaceIndex;
        await server.RestartAsync(0, space =>
        {
            Prepare(space, "urn:b").SetValue(-1.0);
            watched = Prepare(space, "urn:a");
        });
        Assert.NotEqual(before, watched!.Id.NamespaceIndex);
        await _handler.ExpectAsync("gap", "running", "1");
        watched.SetValue(2.0);
        await _handler.ExpectAsync("2");
    }

    private static VariableNode Prepare(FloorGateway.OpcUa.AddressSpace.AddressSpace space, string uri)
    {
        space.DefaultNamespace = space.AddNamespace(uri);
        return space.Objects.AddObject("Press").AddVariable("Speed", BuiltInType.Double, value: Variant.From(1.0));
    }
}
