using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using FloorGateway.Connectors.OpcUa;
using FloorGateway.Connectors.Uns;
using FloorGateway.Historian.Influx;
using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.OpcUa.Types;
using FloorGateway.Pipeline;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Tests.Hosting;

/// <summary>Whatever an OPC UA server may send goes through the journal into every kind of feed, and holds up nothing.</summary>
public sealed class ValueChainTests : IDisposable
{
    private static readonly long Time = new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private static readonly ExtensionObject Unknown = new(new NodeId(2, "T"), new byte[] { 1, 2, 3 });

    private static readonly Variant[] Values =
    [
        Variant.Null, Variant.From(true), Variant.From((sbyte)-1), Variant.From((byte)255), Variant.From(ulong.MaxValue), Variant.From(long.MinValue),
        Variant.From(float.NaN), Variant.From(double.PositiveInfinity), Variant.From(double.Epsilon), Variant.From(float.MaxValue),
        Variant.From(""), Variant.From((string?)null), Variant.From("line\nbreak\t\"quoted\\\" \u0001 炉温 \ud83d\ude00"), Variant.From("lone \ud83d half"),
        Variant.FromDateTimeTicks(0), Variant.FromDateTimeTicks(DateTime.MaxValue.Ticks), Variant.From(Guid.Empty), Variant.From(Array.Empty<byte>()), Variant.From(new byte[3000]),
        Variant.FromXml("<a/>"), Variant.From(new NodeId(2, "A")), Variant.From(new StatusCode(0x8000_0000)), Variant.From(new QualifiedName(1, "q")),
        Variant.From(new LocalizedText("de", "läuft")), Variant.From(Unknown), Variant.From(new DataValue(Variant.From(1.5))), Variant.From(new EUInformation { UnitId = 5 }),
        Variant.From(new[] { true, false }), Variant.From(new sbyte[] { -1 }), Variant.FromByteArray([1, 2]), Variant.From(Array.Empty<double>()), Variant.From((double[]?)null),
        Variant.From(new[] { 1.5, double.NaN }), Variant.From(new float[5000]), Variant.From(new[] { "a", null, "" }), Variant.From(new[] { default, DateTime.MaxValue }),
        Variant.From(new[] { Guid.Empty }), Variant.From(new byte[]?[] { [1], null }), Variant.From(new[] { new NodeId(1) }), Variant.From(new[] { new StatusCode(1) }),
        Variant.From(new[] { new LocalizedText("de", "läuft") }), Variant.From(new[] { Unknown, null }), Variant.From(new[] { Variant.From(1), Variant.Null }), Variant.From(new ulong[] { ulong.MaxValue }),
        Variant.FromMatrix(BuiltInType.Byte, new byte[] { 1, 2, 3, 4 }, [2, 2]), Variant.FromMatrix(BuiltInType.Boolean, new[] { true, false }, [1, 2]),
        Variant.FromMatrix(BuiltInType.String, new[] { "a", "b" }, [2, 1]), Variant.FromMatrix(BuiltInType.Double, new double[8], [2, 2, 2]), Variant.FromMatrix(BuiltInType.Double, Array.Empty<double>(), [0, 3]),
        Variant.FromMatrix(BuiltInType.ExtensionObject, new ExtensionObject?[] { Unknown, null }, [1, 2]), Variant.FromMatrix(BuiltInType.DateTime, new DateTime[2], [2, 1]),
    ];

    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_kind_of_value_passes_every_feed_and_comes_back_from_the_history()
    {
        var sent = Values.Select(v => ValueConverter.ToTagValue(v)).ToArray();
        var tags = sent.Select((_, i) => new TagDefinition { Id = -1, Path = $"LXE/X/V{i}", Server = "cas", EquipmentType = "T", UnitPath = "LXE/X", Signal = $"V{i}" }).ToArray();
        await using var pipeline = GatewayPipeline.Open(
            new PipelineOptions { DataFolder = folder["data"], Tags = [.. tags.Select(t => new PipelineTag(t, TagNormalisation.Default))] }, TimeProvider.System, NullLoggerFactory.Instance);
        var history = new SqliteHistory(pipeline.Catalog, new SqliteHistoryOptions { Path = folder["history.db"] });
        var lines = new Recorder();
        var uns = new JsonFeed();
        pipeline.AddFeed(history, new FeedOptions());
        pipeline.AddFeed(new InfluxDestination(pipeline.Catalog, new InfluxOptions { Url = new Uri("http://127.0.0.1:1/"), Org = "o", Bucket = "b", Gzip = false }, handler: lines), new FeedOptions());
        pipeline.AddFeed(uns, new FeedOptions());
        await pipeline.StartAsync(CancellationToken.None);
        using (var batch = new SampleBatch())
        {
            for (var i = 0; i < sent.Length; i++)
                batch.Add(new Sample { Tag = i, Value = sent[i], SourceTime = Time + i, ReceiveTime = Time + i });
            await pipeline.AppendAsync("cas", batch, CancellationToken.None);
        }

        Assert.Empty(await pipeline.DrainAsync(TimeSpan.FromSeconds(20)));
        Assert.All(pipeline.Snapshot().Feeds, feed => Assert.Equal((sent.Length, 0), (feed.Delivered, feed.Refused)));
        Assert.Equal(sent.Length, uns.Payloads.Count);
        Assert.All(uns.Payloads, payload => JsonDocument.Parse(payload).Dispose());
        Assert.Equal(sent.Length, lines.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        for (var i = 0; i < sent.Length; i++)
        {
            var point = Assert.Single(await history.ReadRawAsync(tags[i].Path, 0, long.MaxValue, 10, CancellationToken.None));
            var finite = !sent[i].TryGetDouble(out var number) || double.IsFinite(number);
            var expected = !finite ? TagValue.Null : sent[i].AsString() is { } text ? TagValue.From(text.Replace("\ud83d half", "\ufffd half", StringComparison.Ordinal)) : sent[i];
            Assert.True(point.Value.Equals(expected), $"value {i}: {sent[i].Kind} {sent[i]} came back as {point.Value.Kind} {point.Value}");
        }
    }

    [Fact]
    public async Task History_that_cannot_be_opened_is_named_with_what_to_do()
    {
        Directory.CreateDirectory(folder["data"]);
        await File.WriteAllTextAsync(folder["data/history.db"], new string('x', 5000));
        var refused = Assert.Throws<IOException>(() => FloorGateway.Hosting.FeedDestinations.OpenHistory(null!, new SqliteHistoryOptions { Path = folder["data/history.db"] }, TimeProvider.System, NullLoggerFactory.Instance));
        Assert.Contains("Move the file", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Takes every request body and says 204.</summary>
    private sealed class Recorder : HttpMessageHandler
    {
        private readonly StringBuilder text = new();

        public string Text => text.ToString();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            text.Append(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage(HttpStatusCode.NoContent);
        }
    }

    /// <summary>The payloads that the unified namespace would get.</summary>
    private sealed class JsonFeed : IFeedDestination
    {
        public List<byte[]> Payloads { get; } = [];

        public string Name => "uns";

        public int MaxBatch => 100;

        public ValueTask<DeliveryResult> DeliverAsync(FeedBatch batch, CancellationToken cancel)
        {
            foreach (ref readonly var sample in batch.Samples.Span)
            {
                var payload = new ArrayBufferWriter<byte>();
                UnsPayload.Write(payload, sample, UnsPayload.UnitPart("°C"));
                Payloads.Add(payload.WrittenSpan.ToArray());
            }

            return ValueTask.FromResult(DeliveryResult.Delivered);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
