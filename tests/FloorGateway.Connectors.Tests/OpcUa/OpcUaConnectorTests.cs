using System.Diagnostics.CodeAnalysis;
using FloorGateway.Connectors.OpcUa;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.Connectors.Tests.OpcUa;

/// <summary>The connector against a real server over TCP.</summary>
public sealed class OpcUaConnectorTests : IAsyncLifetime
{
    private const string Uri = "http://jsev.example/UA/Test/";
    private readonly ApplicationCertificate certificate = ApplicationCertificate.CreateSelfSigned(
        new ApplicationCertificateOptions { ApplicationName = "test", ApplicationUri = "urn:test.example:server" });

    private Space space = null!;
    private VariableNode temperature = null!;
    private VariableNode word = null!;
    private UaServer server = null!;
    private int port = Ports.Free();

    public async ValueTask InitializeAsync()
    {
        space = new Space("urn:test.example:server");
        space.AddNamespace(Uri);
        temperature = space.Objects.AddVariable("Temperature", BuiltInType.Double, value: Variant.From(20.0));
        word = space.Objects.AddVariable("Word", BuiltInType.UInt16, value: Variant.From((ushort)5));
        await StartServerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        certificate.Dispose();
    }

    [Fact]
    public async Task Gives_first_values_as_initial_and_changes_as_live_with_their_source_times()
    {
        var sink = new RecordingSink();
        await using var connector = Connect(sink, new OpcUaTag(0, Node("Temperature")));
        await sink.WaitForAsync(s => s.Samples.Count == 1);
        var time = DateTime.UtcNow;
        temperature.SetValue(21.5, sourceTime: time);
        await sink.WaitForAsync(s => s.Samples.Count == 2);
        Assert.Equal([SampleOrigin.Initial, SampleOrigin.Live], sink.Samples.Select(s => s.Origin));
        Assert.Equal([20.0, 21.5], sink.Samples.Select(s => s.Value.AsDouble()));
        Assert.Equal(time.Ticks, sink.Samples[1].SourceTime);
        Assert.Equal("Connected", connector.Status.State);
    }

    [Fact]
    public async Task Tags_of_one_node_share_a_monitored_item_and_each_get_its_value()
    {
        var sink = new RecordingSink();
        await using var connector = Connect(sink, new OpcUaTag(0, Node("Word")), new OpcUaTag(1, Node("Word")), new OpcUaTag(2, Node("Temperature")));
        await sink.WaitForAsync(s => s.Samples.Count == 3);
        word.SetValue(Variant.From((ushort)6));
        await sink.WaitForAsync(s => s.Samples.Count == 5);
        Assert.Equal([0, 1], sink.Samples.Skip(3).Select(s => s.Tag));
        Assert.All(sink.Samples.Skip(3), s => Assert.Equal("6", s.Value.ToString()));
    }

    [Fact]
    public async Task What_the_journal_did_not_take_comes_again()
    {
        var sink = new RecordingSink();
        await using var connector = Connect(sink, new OpcUaTag(0, Node("Temperature")));
        await sink.WaitForAsync(s => s.Samples.Count == 1);
        sink.Failures = 2;
        for (var i = 1; i <= 5; i++)
            temperature.SetValue(100.0 + i);
        await sink.WaitForAsync(s => s.Samples.Count >= 6);
        Assert.Equal([20.0, 101, 102, 103, 104, 105], sink.Samples.Select(s => s.Value.AsDouble()));
        Assert.Empty(sink.Gaps);
    }

    [Fact]
    public async Task Values_that_the_servers_queue_dropped_are_named_by_a_gap_record_of_their_tag()
    {
        var sink = new RecordingSink();
        await using var connector = Connect(sink, new OpcUaTag(0, Node("Temperature")) { QueueSize = 2 });
        await sink.WaitForAsync(s => s.Samples.Count == 1);
        var start = DateTime.UtcNow;
        for (var i = 1; i <= 500; i++)
            temperature.SetValue(100.0 + i, sourceTime: start.AddTicks(i));

        await sink.WaitForAsync(s => s.Samples.Count > 1 && s.Samples[^1].Value.AsDouble() == 600);
        await sink.WaitForAsync(s => s.Gaps.Count > 0);
        var gap = sink.Gaps[0];
        Assert.Equal("Test/Tag0", gap.Tag);
        Assert.Contains("queue", gap.Cause, StringComparison.Ordinal);
        var missing = Enumerable.Range(1, 500).Where(i => sink.Samples.All(s => s.SourceTime != start.AddTicks(i).Ticks)).Select(i => start.AddTicks(i).Ticks);
        Assert.All(missing, ticks => Assert.Contains(sink.Gaps, g => g.From <= ticks && ticks <= g.To));
    }

    [Fact]
    public async Task A_node_that_the_server_does_not_have_is_named_and_hinders_no_other()
    {
        var sink = new RecordingSink();
        await using var connector = Connect(sink, new OpcUaTag(0, Node("Temperature")), new OpcUaTag(1, Node("NoSuchNode")), new OpcUaTag(2, "nonsense"));
        await sink.WaitForAsync(s => s.Samples.Count == 1);
        Assert.Equal(["Test/Tag1", "Test/Tag2"], connector.Status.BadTags.Keys.Order());
        Assert.Contains("BadNodeIdUnknown", connector.Status.BadTags["Test/Tag1"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_before_the_process_was_there_is_a_gap()
    {
        var last = DateTime.UtcNow.AddMinutes(-10).Ticks;
        var sink = new RecordingSink { Last = last };
        await using var connector = Connect(sink, new OpcUaTag(0, Node("Temperature")));
        await sink.WaitForAsync(s => s.Gaps.Count == 1 && s.Samples.Count == 1);
        Assert.True(sink.Gaps[0].From <= last);
        Assert.True(sink.Gaps[0].To >= DateTime.UtcNow.AddMinutes(-1).Ticks);
        Assert.Null(sink.Gaps[0].Tag);
    }

    [Fact]
    public async Task A_restarted_server_is_found_again_and_what_it_forgot_is_named()
    {
        var sink = new RecordingSink();
        await using var connector = Connect(sink, new OpcUaTag(0, Node("Temperature")));
        await sink.WaitForAsync(s => s.Samples.Count == 1);
        await server.DisposeAsync();
        temperature.SetValue(33.0);
        await StartServerAsync();
        await sink.WaitForAsync(s => s.Samples[^1].Value.AsDouble() == 33);
        await sink.WaitForAsync(s => s.Gaps.Count > 0);
        Assert.True(sink.Gaps[0].From < sink.Gaps[0].To);
    }

    private static string Node(string name) => $"nsu={Uri};s={name}";

    private OpcUaConnector Connect(RecordingSink sink, params OpcUaTag[] tags) => new(
        new OpcUaConnectorOptions
        {
            Server = "test",
            Client = new UaClientOptions
            {
                EndpointUrl = $"opc.tcp://localhost:{port}",
                SecurityPolicy = SecurityPolicy.None,
                SecurityMode = MessageSecurityMode.None,
            },
            Subscription = new SubscriptionSettings
            {
                PublishingInterval = TimeSpan.FromMilliseconds(50),
                Backoff = new BackoffOptions { First = TimeSpan.FromMilliseconds(50), Max = TimeSpan.FromMilliseconds(200) },
            },
            Tags = tags,
        },
        sink,
        new FewTags(),
        TimeProvider.System,
        NullLoggerFactory.Instance);

    private async Task StartServerAsync()
    {
        server = await UaServer.StartAsync(
            new UaServerOptions { ApplicationName = "test", ApplicationUri = "urn:test.example:server", Certificate = certificate, Port = port, Security = [EndpointSecurity.None] },
            space);
        port = server.Port;
    }

    private sealed class FewTags : ITagCatalog
    {
        public int Count => 10;

        public TagDefinition this[int id] => new()
        {
            Id = id,
            Path = $"Test/Tag{id}",
            Server = "test",
            EquipmentType = "Test",
            UnitPath = "Test",
            Signal = $"Tag{id}",
        };

        public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag)
        {
            tag = null;
            return false;
        }
    }
}
