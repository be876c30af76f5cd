using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace Interop.Tests.OpcUa.Matrix;

/// <summary>Our client against a node-opcua server: every operation on every security as every kind of user.</summary>
public sealed class OurClientMatrixTests(NodeOpcuaServer server) : IClassFixture<NodeOpcuaServer>
{
    public static TheoryData<string, string> Rows => MatrixRows.All;

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Browse_finds_every_node(string security, string user)
    {
        var client = await server.ClientAsync(security, user);
        var before = await NodesAsync(client);
        HashSet<string> found = [];
        await foreach (var node in client.BrowseAllAsync(ObjectIds.RootFolder))
        {
            Assert.True(node.Status.IsGood, $"{node.NodeId} {node.Status}");
            Assert.True(found.Add(MatrixRows.Text(node.NodeId)), $"{node.NodeId} came twice");
        }

        // The nodes of sessions and subscriptions come and go.
        var after = await NodesAsync(client);
        Assert.Equal([], before.Intersect(after).Except(found));
        Assert.Equal([], found.Except(before).Except(after));
        Assert.InRange(found.Count, 1000, 100_000);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Read_gives_what_is_there(string security, string user)
    {
        var client = await server.ClientAsync(security, user);
        var read = await client.ReadValuesAsync([.. ((string[])["Fixed.Double", "Fixed.Text", "Fixed.Array", "Fixed.Matrix", "Fixed.Big", "NoSuchNode"]).Select(n => NodeOpcuaServer.Node(client, n))]);
        Assert.Equal(["Good", "Good", "Good", "Good", "Good", "BadNodeIdUnknown"], read.Select(r => r.Status.ToString()));
        Assert.Equal(Variant.From(-2.5), read[0].Value);
        Assert.Equal(Variant.From("压铸 €𝄞"), read[1].Value);
        Assert.Equal(Variant.From([int.MinValue, 0, int.MaxValue]), read[2].Value);
        Assert.Equal(Variant.FromMatrix(BuiltInType.Double, new double[] { 1, 2, 3, 4, 5, 6 }, [2, 3]), read[3].Value);
        Assert.Equal(Variant.From(MatrixRows.Big), read[4].Value);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Write_is_held_by_the_server_and_read_back(string security, string user)
    {
        var client = await server.ClientAsync(security, user);
        Variant[] values =
        [
            Variant.From(Random.Shared.NextDouble()),
            Variant.From($"{security} {user} 压铸"),
            Variant.From([Random.Shared.Next(), int.MinValue, -1]),
            Variant.From([.. MatrixRows.Big.Select(b => (byte)~b)]),
        ];
        NodeId[] nodes = [.. ((string[])["Written.Double", "Written.Text", "Written.Array", "Written.Big"]).Select(n => NodeOpcuaServer.Node(client, n))];
        var written = await client.WriteAsync([.. nodes.Zip(values, (node, value) => new WriteValue { NodeId = node, AttributeId = AttributeIds.Value, Value = new DataValue(value) })]);
        Assert.Equal(["Good", "Good", "Good", "Good"], written.Select(s => s.ToString()));
        var held = await server.Server.AskAsync("held");
        Assert.Equal(values[0].AsDouble(), held.GetProperty("double").GetDouble());
        Assert.Equal(values[1].AsString(), held.GetProperty("text").GetString());
        Assert.Equal(values[2].AsArray<int>()!, held.GetProperty("array").EnumerateArray().Select(v => v.GetInt32()));
        Assert.Equal(MatrixRows.Sha256((byte[])values[3].Boxed!), held.GetProperty("big").GetString());
        Assert.Equal(values, (await client.ReadValuesAsync(nodes)).Select(r => r.Value));
        Assert.Equal(StatusCodes.BadNotWritable, (await client.WriteValueAsync(NodeOpcuaServer.Node(client, "Fixed.Double"), Variant.From(1.0))).CodeBits);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Call_gives_results_and_the_server_knows_the_caller(string security, string user)
    {
        var client = await server.ClientAsync(security, user);
        var (parent, method) = (NodeOpcuaServer.Node(client, "Matrix"), NodeOpcuaServer.Node(client, "Add"));
        var number = Random.Shared.Next(1000);
        var called = await client.CallAsync(parent, method, [Variant.From(number), Variant.From(0.25)]);
        Assert.Equal("Good", called.StatusCode.ToString());
        Assert.Equal([Variant.From(number + 0.25), Variant.From(MatrixRows.SeenAs(user))], called.OutputArguments);
        Assert.Equal(StatusCodes.BadArgumentsMissing, (await client.CallAsync(parent, method, [Variant.From(1)])).StatusCode.CodeBits);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Subscribe_receives_the_series_without_a_hole(string security, string user)
    {
        var received = new ReceivedValues();
        var item = new MonitoredItemSettings(1, NodeOpcuaServer.Expanded("Counter")) { SamplingIntervalMs = 0, QueueSize = 1000 };
        await using var subscription = ResilientSubscription.Start(server.Options(security, user), new() { PublishingInterval = TimeSpan.FromMilliseconds(20) }, [item], received);
        var first = await server.ProduceAsync(0);
        await received.UntilValueAsync(first);
        var last = await server.ProduceAsync(200);
        await received.UntilValueAsync(last);
        Assert.Equal(Enumerable.Range((int)first, 201).Select(i => (double)i), received.Values);
        Assert.Equal((0, 0, 0), (received.Overflows, received.Resent, received.Gaps.Count));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Transfer_moves_the_subscription_without_loss(string security, string user)
    {
        await using var second = await server.ConnectAsync(security, user);
        HandMadeSubscription moved;
        uint first;
        await using (var client = await server.ConnectAsync(security, user))
        {
            var subscription = await HandMadeSubscription.CreateAsync(client, NodeOpcuaServer.Node(client, "Counter"));
            var unacknowledged = (await subscription.PublishAsync()).NotificationMessage;
            first = Assert.Single(subscription.Values);
            await server.ProduceAsync(5);

            var transferred = (await second.TransferSubscriptionsAsync([subscription.Id], sendInitialValues: false))[0];
            Assert.Equal("Good", transferred.StatusCode.ToString());
            Assert.Contains(unacknowledged.SequenceNumber, transferred.AvailableSequenceNumbers);
            moved = subscription.On(second);
            Assert.Equal(HandMadeSubscription.Content(unacknowledged), HandMadeSubscription.Content(await moved.RepublishAsync(unacknowledged.SequenceNumber)));
            await server.ProduceAsync(5);
            var sequences = await moved.UntilAsync(first + 10);
            Assert.Equal(Enumerable.Range((int)unacknowledged.SequenceNumber + 1, sequences.Count).Select(s => (uint)s), sequences);
        }

        // The session that had it ended and deleted its subscriptions: this one is no longer its own.
        await server.ProduceAsync(5);
        await moved.UntilAsync(first + 15);
        Assert.Equal(Enumerable.Range((int)first + 1, 15).Select(i => (uint)i), moved.Values);
        Assert.Equal("Good", await moved.DeleteAsync());
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Republish_gives_an_unacknowledged_message_again_and_an_acknowledged_one_no_more(string security, string user)
    {
        await using var client = await server.ConnectAsync(security, user);
        var subscription = await HandMadeSubscription.CreateAsync(client, NodeOpcuaServer.Node(client, "Counter"));
        var first = (await subscription.PublishAsync()).NotificationMessage;
        await server.ProduceAsync(3);
        var second = await subscription.PublishAsync();
        Assert.Contains(first.SequenceNumber, second.AvailableSequenceNumbers);
        foreach (var message in (NotificationMessage[])[first, second.NotificationMessage])
            Assert.Equal(HandMadeSubscription.Content(message), HandMadeSubscription.Content(await subscription.RepublishAsync(message.SequenceNumber)));

        await server.ProduceAsync(1);
        var third = await subscription.PublishAsync(first.SequenceNumber);
        Assert.Equal(["Good"], third.Results.Select(r => r.ToString()));
        Assert.DoesNotContain(first.SequenceNumber, third.AvailableSequenceNumbers);
        var gone = await Assert.ThrowsAsync<UaServiceException>(() => subscription.RepublishAsync(first.SequenceNumber));
        Assert.Equal(StatusCodes.BadMessageNotAvailable, gone.Status.CodeBits);
        Assert.Equal(HandMadeSubscription.Content(second.NotificationMessage), HandMadeSubscription.Content(await subscription.RepublishAsync(second.NotificationMessage.SequenceNumber)));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task History_is_read_in_pages_as_it_was_written(string security, string user)
    {
        var client = await server.ClientAsync(security, user);
        var truth = await server.Server.AskAsync("record", new { count = 25 });
        DateTime[] times = [.. truth.GetProperty("times").EnumerateArray().Select(t => DateTimeOffset.FromUnixTimeMilliseconds(t.GetInt64()).UtcDateTime)];
        List<DataValue[]> pages = [];
        await foreach (var page in client.HistoryReadRawAsync(NodeOpcuaServer.Node(client, "History"), times[0], times[^1].AddMilliseconds(1), pageSize: 7))
            pages.Add(page);
        Assert.Equal([7, 7, 7, 4], pages.Select(p => p.Length));
        Assert.Equal(truth.GetProperty("values").EnumerateArray().Select(v => v.GetDouble()), pages.SelectMany(p => p).Select(v => v.Value.AsDouble()));
        Assert.Equal(times, pages.SelectMany(p => p).Select(v => v.SourceTimestamp!.Value));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Events_that_the_filter_lets_pass_come_with_their_fields(string security, string user)
    {
        await using var client = await server.ConnectAsync(security, user);
        string[] fields = ["EventId", "EventType", "SourceNode", "SourceName", "Time", "Message", "Severity"];
        var filter = new EventFilter
        {
            SelectClauses = [.. fields.Select(Field)],
            WhereClause = new ContentFilter
            {
                Elements = [new ContentFilterElement { FilterOperator = FilterOperator.GreaterThanOrEqual, FilterOperands = [new ExtensionObject(Field("Severity")), new ExtensionObject(new LiteralOperand { Value = Variant.From((ushort)500) })] }],
            },
        };
        var subscription = await HandMadeSubscription.CreateAsync(client, new ReadValueId { NodeId = ObjectIds.Server, AttributeId = AttributeIds.EventNotifier }, filter);
        var text = $"{security} {user}";
        await server.Server.AskAsync("raise", new { text, severities = MatrixRows.Severities });
        while (subscription.Events.Count < MatrixRows.Passing.Count)
            await subscription.PublishAsync();
        Assert.Equal(MatrixRows.Passing.Select(s => $"{text} {s}"), subscription.Events.Select(e => ((LocalizedText)e[5].Boxed!).Text));
        Assert.Equal(MatrixRows.Passing, subscription.Events.Select(e => (ushort)e[6].Boxed!));
        Assert.All(subscription.Events, e =>
        {
            Assert.Equal(Variant.From(new NodeId(ObjectTypeIds.DeviceFailureEventType)), e[1]);
            Assert.Equal((Variant.From(NodeOpcuaServer.Node(client, "Matrix")), "Matrix"), (e[2], e[3].AsString()));
            Assert.True(e[4].TryGetDateTimeTicks(out var time) && time != 0);
        });
        Assert.Equal(MatrixRows.Passing.Count, subscription.Events.Select(e => Convert.ToHexString((byte[])e[0].Boxed!)).Distinct().Count());

        static SimpleAttributeOperand Field(string name) => new() { TypeDefinitionId = ObjectTypeIds.BaseEventType, BrowsePath = [new QualifiedName(0, name)], AttributeId = AttributeIds.Value };
    }

    private async Task<HashSet<string>> NodesAsync(UaClient client) =>
        [.. (await server.Server.AskAsync("nodes", new { session = client.Options.SessionName })).GetProperty("nodes").EnumerateArray().Select(n => n.GetString()!)];
}
