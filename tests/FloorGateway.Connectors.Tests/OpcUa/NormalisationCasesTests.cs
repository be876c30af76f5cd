using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using FloorGateway.Connectors.OpcUa;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.Connectors.Tests.OpcUa;

/// <summary>Those of the plant's normalisation cases that are decided where OPC UA ends, against a real server.</summary>
public sealed class NormalisationCasesTests : IAsyncDisposable
{
    private const string Uri = "http://jsev.example/UA/Test/";

    private readonly ApplicationCertificate certificate = ApplicationCertificate.CreateSelfSigned(
        new ApplicationCertificateOptions { ApplicationName = "test", ApplicationUri = "urn:test.example:server" });

    private UaServer? server;

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        certificate.Dispose();
    }

    [Fact]
    public async Task Case_1_unit_of_the_server_that_is_not_the_configurations_is_flagged_and_told()
    {
        var space = NewSpace();
        var wrong = space.Objects.AddVariable("Pressure", BuiltInType.Double, eu: "BAR", value: Variant.From(0.25));
        space.Objects.AddVariable("Other", BuiltInType.Double, eu: "BAR", value: Variant.From(2.5));
        await StartAsync(space);
        var sink = new RecordingSink();
        await using var connector = Connect(
            sink,
            new OpcUaTag(0, Node("Pressure")) { Unit = "MPA", UnitIsCorrected = true, IsMeasurement = true },
            new OpcUaTag(1, Node("Other")) { Unit = "KPA", IsMeasurement = true },
            new OpcUaTag(2, Node("Other")) { Unit = "bar", IsMeasurement = true });
        await Eventually.TrueAsync(() => connector.Conditions.Count == 2);
        Assert.Equal([("UnitMismatch", 4, "Test/Tag0"), ("UnitMismatch", 3, "Test/Tag1")], connector.Conditions.Select(c => (c.Name, c.Priority, c.Source)));
        Assert.Contains("sourceUnit: BAR", connector.Conditions[1].Message, StringComparison.Ordinal);
        wrong.SetValue(0.26);
        await sink.WaitForAsync(s => s.Samples.Any(x => x.Value.AsDouble() == 0.26));
        Assert.Equal(SampleFlags.UnitMismatch, sink.Samples.Last(s => s.Tag == 0).Flags);
    }

    [Fact]
    public async Task Case_13_value_without_source_time_gets_the_servers_time_and_a_flag()
    {
        var space = NewSpace();
        var variable = space.Objects.AddVariable("Old", BuiltInType.Double, value: Variant.From(1.0));
        await StartAsync(space);
        var sink = new RecordingSink();
        await using var connector = Connect(sink, new OpcUaTag(0, Node("Old")));
        await sink.WaitForAsync(s => s.Samples.Count == 1);
        variable.SetValue(Variant.From(2.0), default, 1);
        await sink.WaitForAsync(s => s.Samples.Count == 2);
        var got = sink.Samples[1];
        Assert.True(got.Flags.HasFlag(SampleFlags.SourceTimeSubstituted));
        Assert.True(new DateTime(got.SourceTime, DateTimeKind.Utc).Year > 2000);
    }

    [Fact]
    public async Task Case_18_array_gives_each_of_its_tags_the_whole_of_one_monitored_item()
    {
        var space = NewSpace();
        space.Objects.AddVariable("Volts", BuiltInType.Float, value: Variant.From(Enumerable.Range(0, 36).Select(i => i / 10f).ToArray()), valueRank: 1);
        await StartAsync(space);
        var sink = new RecordingSink();
        await using var connector = Connect(sink, [.. Enumerable.Range(0, 9).Select(i => new OpcUaTag(i, Node("Volts")))]);
        await sink.WaitForAsync(s => s.Samples.Count == 9);
        Assert.All(sink.Samples, s => Assert.Same(sink.Samples[0].Value.Reference, s.Value.Reference));
    }

    [Fact]
    public async Task Case_19_structure_becomes_a_record_and_an_unknown_one_keeps_bytes_and_type()
    {
        var space = NewSpace();
        var meta = space.AddStructure("ResultMeta", new DataTypeField("ResultId", BuiltInType.String), new DataTypeField("Evaluation", BuiltInType.Int32));
        var result = space.AddStructure("ResultDataType", new DataTypeField("Meta", meta.Node.Id), new DataTypeField("Torque", BuiltInType.Double), new DataTypeField("Angles", BuiltInType.Double, ValueRanks.OneDimension));
        var value = result.CreateValue(meta.CreateValue(Variant.From("R-1"), Variant.From(1)), Variant.From(90.5), Variant.From(new[] { 1.0, 2 }));
        space.Objects.AddVariable("Result", BuiltInType.ExtensionObject, value: value, dataType: result.Node.Id);
        space.Objects.AddVariable("Strange", BuiltInType.ExtensionObject, value: Variant.From(new ExtensionObject(new NodeId(meta.Node.Id.NamespaceIndex, 4711u), new byte[] { 1, 2, 3 })));
        space.Objects.AddVariable("Unit", BuiltInType.ExtensionObject, value: Variant.From(new EUInformation { UnitId = 4408652, DisplayName = new LocalizedText("°C") }));
        await StartAsync(space);
        var sink = new RecordingSink();
        await using var connector = Connect(sink, new OpcUaTag(0, Node("Result")), new OpcUaTag(1, Node("Strange")), new OpcUaTag(2, Node("Unit")));
        await sink.WaitForAsync(s => s.Samples.Count == 3);
        var record = Of(0);
        Assert.Equal("ResultDataType", record.TypeName);
        Assert.Equal(["Meta", "Torque", "Angles"], record.Fields.Select(f => f.Key));
        Assert.Equal([("ResultId", "R-1"), ("Evaluation", "1")], record.Fields[0].Value.AsStructure()!.Fields.Select(f => (f.Key, f.Value.ToString())));
        Assert.Equal(TagValue.From(90.5), record.Fields[1].Value);
        Assert.Equal(TagValue.From(new[] { 1.0, 2 }), record.Fields[2].Value);
        Assert.Equal([1, 2, 3], Of(1).Body);
        Assert.Equal($"nsu={Uri};i=4711", Of(1).TypeName);
        Assert.Equal(TagValue.From(4408652L), Of(2).Fields.Single(f => f.Key == "UnitId").Value);
        Assert.Equal("°C", Of(2).Fields.Single(f => f.Key == "DisplayName").Value.AsString());

        StructureValue Of(int tag) => sink.Samples.Single(s => s.Tag == tag).Value.AsStructure()!;
    }

    [Fact]
    public void Case_23_text_in_gbk_is_repaired_and_without_a_code_page_costs_only_itself()
    {
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("GBK")!;
        var message = Notification(gbk.GetBytes("炉温"), 5.5);
        var repaired = Read(message, new EncodingLimits { TextFallback = gbk });
        Assert.Equal([TagValue.From("炉温"), TagValue.From(5.5)], repaired);
        Assert.Equal([TagValue.From("炉温"), TagValue.From(5.5)], Read(Notification(Encoding.UTF8.GetBytes("炉温"), 5.5), new EncodingLimits { TextFallback = gbk }));
        // Without one the text is an error, but the number behind it is there.
        Assert.Equal([TagValue.Null, TagValue.From(5.5)], Read(message, EncodingLimits.Default));
    }

    [Theory]
    [InlineData("摄氏度", "CEL")]
    [InlineData("克", "GRM")]
    [InlineData("bar", "BAR")]
    [InlineData("帽子", null)]
    public void Case_23_unit_in_words_is_found(string text, string? code) =>
        Assert.Equal(code, EngineeringUnit.Find(new EUInformation { UnitId = -1, DisplayName = new LocalizedText("zh", text) })?.Code);

    [Fact]
    public async Task Case_25_node_is_found_again_by_its_uri_when_the_namespaces_have_other_numbers()
    {
        await StartAsync(NewSpace(), s => s.Objects.AddVariable("Temperature", BuiltInType.Double, value: Variant.From(20.0)));
        var port = server!.Port;
        var sink = new RecordingSink();
        await using var connector = Connect(sink, new OpcUaTag(0, Node("Temperature")));
        await sink.WaitForAsync(s => s.Samples.Count == 1);
        await server.DisposeAsync();
        var other = new Space("urn:test.example:server");
        other.AddNamespace("http://jsev.example/UA/Before/");
        other.Objects.AddVariable("Temperature", BuiltInType.Double, value: Variant.From(-1.0));
        other.AddNamespace(Uri);
        await StartAsync(other, s => s.Objects.AddVariable("Temperature", BuiltInType.Double, value: Variant.From(33.0), nodeId: new NodeId((ushort)s.NamespaceUris.ToList().IndexOf(Uri), "Temperature")), port);
        await sink.WaitForAsync(s => s.Samples[^1].Value.AsDouble() == 33);
        Assert.DoesNotContain(sink.Samples, s => s.Value.AsDouble() == -1);
    }

    [Fact]
    public async Task Case_26_unit_that_only_the_server_names_is_told()
    {
        var space = NewSpace();
        space.Objects.AddVariable("Warm", BuiltInType.Double, eu: "CEL", range: (0, 0), value: Variant.From(1.0));
        space.Objects.AddVariable("Bare", BuiltInType.Double, value: Variant.From(1.0));
        await StartAsync(space);
        await using var connector = Connect(
            new RecordingSink(), new OpcUaTag(0, Node("Warm")) { IsMeasurement = true }, new OpcUaTag(1, Node("Bare")) { IsMeasurement = true }, new OpcUaTag(2, Node("Bare")) { Unit = "CEL", IsMeasurement = true });
        await Eventually.TrueAsync(() => connector.Conditions.Count > 0);
        Assert.Equal([("UnitMissing", "Test/Tag0"), ("UnitMissing", "test")], connector.Conditions.Select(c => (c.Name, c.Source)));
        Assert.Contains("unit: CEL", connector.Conditions[0].Message, StringComparison.Ordinal);
        Assert.Contains("taken as dimensionless, e.g. Test/Tag1", connector.Conditions[1].Message, StringComparison.Ordinal);
    }

    private static TagValue[] Read(byte[] message, EncodingLimits limits)
    {
        var reader = new DataChangeReader(message, 1, limits);
        var values = new List<TagValue>();
        while (reader.MoveNext())
        {
            try
            {
                values.Add(ValueConverter.ToTagValue(ref reader));
            }
            catch (FormatException)
            {
                values.Add(TagValue.Null);
            }
        }

        Assert.False(reader.Failed);
        return [.. values];
    }

    /// <summary>A DataChangeNotification of a String with these bytes and of a Double.</summary>
    private static byte[] Notification(byte[] text, double number)
    {
        var items = new List<byte>();
        items.AddRange([2, 0, 0, 0]); // two items
        items.AddRange([0, 0, 0, 0, 1, 12]); // handle 0, value only, String
        items.AddRange(Int32(text.Length));
        items.AddRange(text);
        items.AddRange([1, 0, 0, 0, 1, 11]); // handle 1, value only, Double
        items.AddRange(BitConverter.GetBytes(number));
        items.AddRange([255, 255, 255, 255]); // no diagnostics
        return [1, 0, 0x2B, 0x03, 1, .. Int32(items.Count), .. items];
    }

    private static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static string Node(string name) => $"nsu={Uri};s={name}";

    private static Space NewSpace()
    {
        var space = new Space("urn:test.example:server");
        space.AddNamespace(Uri);
        return space;
    }

    private async Task StartAsync(Space space, Action<Space>? fill = null, int? port = null)
    {
        fill?.Invoke(space);
        server = await UaServer.StartAsync(
            new UaServerOptions { ApplicationName = "test", ApplicationUri = "urn:test.example:server", Certificate = certificate, Port = port ?? Ports.Free(), Security = [EndpointSecurity.None] }, space);
    }

    private OpcUaConnector Connect(RecordingSink sink, params OpcUaTag[] tags) => new(
        new OpcUaConnectorOptions
        {
            Server = "test",
            Client = new UaClientOptions { EndpointUrl = $"opc.tcp://localhost:{server!.Port}", SecurityPolicy = SecurityPolicy.None, SecurityMode = MessageSecurityMode.None },
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

    private sealed class FewTags : ITagCatalog
    {
        public int Count => 10;

        public TagDefinition this[int id] => new() { Id = id, Path = $"Test/Tag{id}", Server = "test", EquipmentType = "Test", UnitPath = "Test", Signal = $"Tag{id}" };

        public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag)
        {
            tag = null;
            return false;
        }
    }
}
