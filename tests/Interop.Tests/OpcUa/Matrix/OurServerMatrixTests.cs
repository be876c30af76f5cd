using System.Text.Json;
using FloorGateway.OpcUa.Types;

namespace Interop.Tests.OpcUa.Matrix;

/// <summary>A node-opcua client against our server: every operation on every security as every kind of user.</summary>
public sealed class OurServerMatrixTests(OurServer server) : IClassFixture<OurServer>
{
    public static TheoryData<string, string> Rows => MatrixRows.All;

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Browse_finds_every_node(string security, string user)
    {
        var session = await server.SessionAsync(security, user);
        var before = server.Nodes();
        var browsed = await session.AskAsync("browse");
        var after = server.Nodes();
        HashSet<string> found = [.. browsed.GetProperty("nodes").EnumerateArray().Select(n => n.GetString()!)];
        Assert.Equal([], browsed.GetProperty("bad").EnumerateArray().Select(b => b.GetString()));
        // The nodes of sessions and subscriptions come and go.
        Assert.Equal([], before.Intersect(after).Except(found));
        Assert.Equal([], found.Except(before).Except(after));
        Assert.InRange(found.Count, 1000, 100_000);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Read_gives_what_is_there(string security, string user)
    {
        var session = await server.SessionAsync(security, user);
        var nodes = ((string[])["Fixed.Double", "Fixed.Text", "Fixed.Array", "Fixed.Matrix", "Fixed.Big", "NoSuchNode"]).Select(server.Node);
        var read = (await session.AskAsync("read", new { nodes })).EnumerateArray().ToArray();
        Assert.Equal(["Good", "Good", "Good", "Good", "Good", "BadNodeIdUnknown"], read.Select(r => Text(r, "status")));
        Assert.Equal(["Double", "String", "Int32", "Double", "ByteString"], read.Take(5).Select(r => Text(r, "type")));
        Assert.Equal(-2.5, read[0].GetProperty("value").GetDouble());
        Assert.Equal("压铸 €𝄞", Text(read[1], "value"));
        Assert.Equal([int.MinValue, 0, int.MaxValue], read[2].GetProperty("value").EnumerateArray().Select(v => v.GetInt32()));
        Assert.Equal([1.0, 2, 3, 4, 5, 6], read[3].GetProperty("value").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal([2, 3], read[3].GetProperty("dimensions").EnumerateArray().Select(v => v.GetInt32()));
        Assert.Equal(MatrixRows.Sha256(MatrixRows.Big), Text(read[4], "value"));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Write_is_held_by_the_server_and_read_back(string security, string user)
    {
        var session = await server.SessionAsync(security, user);
        var number = Random.Shared.NextDouble();
        int[] array = [Random.Shared.Next(), int.MinValue, -1];
        byte[] big = [.. MatrixRows.Big.Select(b => (byte)~b)];
        var text = $"{security} {user} 压铸";
        var written = await session.AskAsync("write", new
        {
            values = new object[]
            {
                new { node = server.Node("Written.Double"), type = "Double", value = number },
                new { node = server.Node("Written.Text"), type = "String", value = text },
                new { node = server.Node("Written.Array"), type = "Int32", array = true, value = array },
                new { node = server.Node("Written.Big"), type = "ByteString", value = Convert.ToBase64String(big) },
                new { node = server.Node("Fixed.Double"), type = "Double", value = number },
            },
        });
        Assert.Equal(["Good", "Good", "Good", "Good", "BadNotWritable"], written.GetProperty("statuses").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal(Variant.From(number), server.Variable("Written.Double").GetValue().Value);
        Assert.Equal(Variant.From(text), server.Variable("Written.Text").GetValue().Value);
        Assert.Equal(Variant.From(array), server.Variable("Written.Array").GetValue().Value);
        Assert.Equal(Variant.From(big), server.Variable("Written.Big").GetValue().Value);
        var read = (await session.AskAsync("read", new { nodes = ((string[])["Written.Double", "Written.Text", "Written.Array", "Written.Big"]).Select(server.Node) })).EnumerateArray().ToArray();
        Assert.Equal((number, text, MatrixRows.Sha256(big)), (read[0].GetProperty("value").GetDouble(), Text(read[1], "value"), Text(read[3], "value")));
        Assert.Equal(array, read[2].GetProperty("value").EnumerateArray().Select(v => v.GetInt32()));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Call_gives_results_and_the_server_knows_the_caller(string security, string user)
    {
        var session = await server.SessionAsync(security, user);
        var number = Random.Shared.Next(1000);
        object[] first = ["Int32", number];
        var called = await session.AskAsync("call", new { @object = server.Node("Matrix"), method = server.Node("Add"), inputs = new[] { first, ["Double", 0.25] } });
        Assert.Equal("Good", Text(called, "status"));
        Assert.Equal(number + 0.25, called.GetProperty("outputs")[0].GetDouble());
        Assert.Equal(MatrixRows.SeenAs(user), called.GetProperty("outputs")[1].GetString());
        var missing = await session.AskAsync("call", new { @object = server.Node("Matrix"), method = server.Node("Add"), inputs = new[] { first } });
        Assert.Equal("BadArgumentsMissing", Text(missing, "status"));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Subscribe_receives_the_series_without_a_hole(string security, string user)
    {
        var session = await server.SessionAsync(security, user);
        var first = server.Produce(0);
        await session.AskAsync("subscribe", new { node = server.Node("Counter") });
        await session.AskAsync("until", new { last = first });
        for (var round = 0; round < 4; round++)
            await session.AskAsync("until", new { last = server.Produce(50) });
        var received = await session.AskAsync("received");
        Assert.Equal(Series(first, 201), Numbers(received, "values"));
        Assert.Equal(0, received.GetProperty("backwards").GetInt32());
        var sequences = Numbers(received, "sequences");
        Assert.Equal(Series(1, sequences.Length), sequences);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Transfer_moves_the_subscription_without_loss(string security, string user)
    {
        await using var second = await server.ConnectAsync(security, user);
        List<uint> values = [];
        uint id;
        uint first;
        uint acknowledged = 0;
        await using (var session = await server.ConnectAsync(security, user))
        {
            id = (await session.AskAsync("createSubscription", new { node = server.Node("Counter") })).GetProperty("subscriptionId").GetUInt32();
            var unacknowledged = await session.AskAsync("publish");
            first = Assert.Single(Numbers(unacknowledged, "values"));
            server.Produce(5);

            var transferred = await second.AskAsync("transfer", new { subscriptionId = id });
            Assert.Equal("Good", Text(transferred, "status"));
            var sequence = unacknowledged.GetProperty("sequence").GetUInt32();
            Assert.Contains(sequence, Numbers(transferred, "available"));
            var again = await second.AskAsync("republish", new { subscriptionId = id, sequence });
            Assert.Equal((Text(unacknowledged, "bytes"), Number(unacknowledged, "publishTime")), (Text(again, "bytes"), Number(again, "publishTime")));
            server.Produce(5);
            await UntilAsync(first + 10, sequence + 1);
        }

        // The session that had it ended and deleted its subscriptions: this one is no longer its own.
        server.Produce(5);
        await UntilAsync(first + 15, acknowledged + 1);
        Assert.Equal(Series(first + 1, 15), values);
        Assert.Equal("Good", Text(await second.AskAsync("deleteSubscription", new { subscriptionId = id }), "status"));

        async Task UntilAsync(uint last, uint nextSequence)
        {
            while (values.Count == 0 || values[^1] != last)
            {
                object[] acknowledge = acknowledged == 0 ? [] : [new { subscriptionId = id, sequenceNumber = acknowledged }];
                var message = await second.AskAsync("publish", new { acknowledge });
                if (Numbers(message, "values") is not { Length: > 0 } more)
                    continue;
                values.AddRange(more);
                acknowledged = message.GetProperty("sequence").GetUInt32();
                Assert.Equal(nextSequence++, acknowledged);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Republish_gives_an_unacknowledged_message_again_and_an_acknowledged_one_no_more(string security, string user)
    {
        await using var session = await server.ConnectAsync(security, user);
        var id = (await session.AskAsync("createSubscription", new { node = server.Node("Counter") })).GetProperty("subscriptionId").GetUInt32();
        var first = await session.AskAsync("publish");
        server.Produce(3);
        var second = await session.AskAsync("publish");
        Assert.Contains(Number(first, "sequence"), Numbers(second, "available").Select(n => (long?)n));
        foreach (var message in (JsonElement[])[first, second])
        {
            var again = await RepublishAsync(message);
            Assert.Equal(("Good", Number(message, "sequence"), Text(message, "bytes"), Number(message, "publishTime")), (Text(again, "status"), Number(again, "sequence"), Text(again, "bytes"), Number(again, "publishTime")));
        }

        server.Produce(1);
        var third = await session.AskAsync("publish", new { acknowledge = new[] { new { subscriptionId = id, sequenceNumber = Number(first, "sequence") } } });
        Assert.Equal(["Good"], third.GetProperty("results").EnumerateArray().Select(r => r.GetString()));
        Assert.DoesNotContain(Number(first, "sequence"), Numbers(third, "available").Select(n => (long?)n));
        Assert.Equal("BadMessageNotAvailable", Text(await RepublishAsync(first), "status"));
        Assert.Equal(Text(second, "bytes"), Text(await RepublishAsync(second), "bytes"));

        Task<JsonElement> RepublishAsync(JsonElement message) => session.AskAsync("republish", new { subscriptionId = id, sequence = Number(message, "sequence") });
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task History_is_read_in_pages_as_it_was_written(string security, string user)
    {
        var session = await server.SessionAsync(security, user);
        var truth = server.Record(25);
        var history = await session.AskAsync("history", new { node = server.Node("History"), start = truth[0].UnixMs, end = truth[^1].UnixMs + 1, pageSize = 7 });
        var pages = history.GetProperty("pages").EnumerateArray().Select(p => p.EnumerateArray().Select(v => (v.GetProperty("value").GetDouble(), v.GetProperty("time").GetInt64())).ToArray()).ToArray();
        Assert.Equal([7, 7, 7, 4], pages.Select(p => p.Length));
        Assert.Equal(truth, pages.SelectMany(p => p));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Events_that_the_filter_lets_pass_come_with_their_fields(string security, string user)
    {
        var session = await server.SessionAsync(security, user);
        await session.AskAsync("events", new { minSeverity = 500 });
        var text = $"{security} {user}";
        server.Raise(text, MatrixRows.Severities);
        var events = (await session.AskAsync("raised", new { count = MatrixRows.Passing.Count })).GetProperty("events").EnumerateArray().ToArray();
        Assert.Equal(MatrixRows.Passing.Select(s => $"{text} {s}"), events.Select(e => Text(e, "message")));
        Assert.Equal(MatrixRows.Passing.Select(s => (long?)s), events.Select(e => Number(e, "severity")));
        Assert.All(events, e =>
        {
            Assert.Equal($"ns=0;i={ObjectTypeIds.DeviceFailureEventType}", Text(e, "type"));
            Assert.Equal((server.Node("Matrix"), "Matrix"), (Text(e, "node"), Text(e, "name")));
            Assert.True(Number(e, "time") > 0);
        });
        Assert.Equal(MatrixRows.Passing.Count, events.Select(e => Text(e, "id")).Distinct().Count());
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static long? Number(JsonElement element, string name) => element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;

    private static uint[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(v => v.GetUInt32())];

    private static IEnumerable<uint> Series(uint first, int count) => Enumerable.Range((int)first, count).Select(i => (uint)i);
}
