using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class ConcurrencyTests
{
    [Fact]
    public void Producers_and_the_publisher_lose_nothing_between_them()
    {
        var server = new ServerHarness().WithSession();
        const int Nodes = 8;
        const int Values = 5_000;
        var nodes = Enumerable.Range(0, Nodes).Select(i => server.Space.Objects.AddVariable($"v{i}", BuiltInType.Double, value: Variant.From(0.0))).ToArray();
        var subscription = server.Subscribe(interval: 10, lifetime: 100_000).SubscriptionId;
        for (var i = 0; i < Nodes; i++)
            server.Monitor(subscription, nodes[i].Id, handle: (uint)i, queue: 10_000);
        var producers = new[] { 0, 1 }.Select(half => new Thread(() =>
        {
            for (var v = 1; v <= Values; v++)
            {
                for (var i = half; i < Nodes; i += 2)
                    nodes[i].SetValue((double)v);
            }
        })).ToArray();
        foreach (var producer in producers)
            producer.Start();

        var next = new double[Nodes];
        while (next.Any(n => n <= Values))
        {
            server.Publish(new SubscriptionAcknowledgement());
            server.Run(10);
            while (server.Channel.Posted.Count != 0)
            {
                foreach (var item in server.Channel.NextItems())
                {
                    Assert.False(item.Value.Status.IsOverflow);
                    Assert.Equal(next[item.ClientHandle]++, item.Value.Value.AsDouble());
                }
            }

            if (producers.All(p => !p.IsAlive) && next.Any(n => n <= Values))
            {
                server.Publish();
                server.Run(20);
            }
        }

        foreach (var producer in producers)
            producer.Join();
    }

    [Fact]
    public void Nodes_come_and_go_while_others_browse()
    {
        var server = new ServerHarness().WithSession();
        var folder = server.Space.Objects.AddFolder("F");
        var writer = new Thread(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                var node = folder.AddVariable($"v{i}", BuiltInType.Double);
                if (i % 2 == 0)
                    server.Space.Remove(node);
            }
        });
        writer.Start();
        do
        {
            var result = server.Call<BrowseResponse>(new BrowseRequest
            {
                NodesToBrowse = [new BrowseDescription { NodeId = folder.Id, ReferenceTypeId = ReferenceTypeIds.HierarchicalReferences, IncludeSubtypes = true, ResultMask = 63 }],
            }).Results[0];
            Assert.True(result.StatusCode.IsGood);
            Assert.All(result.References, r => Assert.False(r.NodeId.IsNull));
        }
        while (writer.IsAlive);
        writer.Join();
        Assert.Equal(1_000, folder.References.AsTargets().Count(n => n is VariableNode));
    }

    [Fact]
    public void A_removed_variable_is_reported_as_unknown()
    {
        var server = new ServerHarness().WithSession();
        var node = server.Space.Objects.AddVariable("v", BuiltInType.Double, value: Variant.From(1.0));
        var subscription = server.Subscribe().SubscriptionId;
        server.Monitor(subscription, node.Id, queue: 10);
        server.Space.Remove(node);
        server.Publish();
        server.Run(100);
        Assert.Equal([StatusCodes.Good, StatusCodes.BadNodeIdUnknown], server.Channel.NextItems().Select(i => i.Value.Status.Value));
    }

    [Fact]
    public void A_message_stays_within_what_the_client_takes()
    {
        var channel = new FakeChannel { MaxResponseBytes = 16 * 1024 };
        var server = new ServerHarness { Channel = channel }.WithSession();
        var subscription = server.Subscribe().SubscriptionId;
        for (var i = 0; i < 1000; i++)
            server.Monitor(subscription, server.Space.Objects.AddVariable($"v{i}", BuiltInType.Double, value: Variant.From(0.0)).Id);
        for (var i = 0; i < 5; i++)
            server.Publish();
        server.Run(100);
        Assert.InRange(channel.LargestBody, 8 * 1024, 16 * 1024);
        Assert.Equal(1000, channel.Posted.Sum(p => FakeChannel.Items((PublishResponse)p.Response).Length));
    }
}

internal static class ReferenceTargets
{
    public static IEnumerable<Node> AsTargets(this Node.ReferenceEnumerable references)
    {
        var targets = new List<Node>();
        foreach (var reference in references)
        {
            if (!reference.IsInverse)
                targets.Add(reference.Target);
        }

        return targets;
    }
}
