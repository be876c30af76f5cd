using System.IO.Compression;
using FloorGateway.Connectors.OpcUa;
using FloorGateway.Connectors.Uns;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Normalisation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Stages;

/// <summary>The product's own parts, one method a stage, as the gateway calls them.</summary>
internal sealed class SamplePath : IAsyncDisposable
{
    private readonly PlantData data;
    private readonly Normaliser normaliser;
    private readonly SampleJournal journal;
    private JournalReader reader;
    private readonly List<GapRecord> gaps = [];
    private readonly SampleBatch read = new(PlantData.Changes);
    private readonly byte[][] topics;
    private readonly byte[][] unitParts;
    private readonly byte[] packets = new byte[1 << 20];
    private readonly byte[] payload = new byte[256];
    private readonly LineProtocolWriter lines;
    private readonly SqliteHistory history;
    private readonly int server;
    private int next;
    private long shift;

    public SamplePath(PlantData data, string folder)
    {
        this.data = data;
        var tags = Enumerable.Range(0, data.Count).Select(i => data[i]).ToArray();
        normaliser = new Normaliser("cas", [.. tags.Select(t => (t, TagNormalisation.Default))], new TimeRules(), NullLogger<Normaliser>.Instance);
        var options = new JournalOptions { Folder = System.IO.Path.Combine(folder, "journal"), KeepBytes = 256 << 20, SegmentBytes = 32 << 20, PackAbove = long.MaxValue };
        journal = SampleJournal.Open(options, TimeProvider.System, NullLogger<SampleJournal>.Instance);
        journal.SetNeeded(() => long.MaxValue);
        server = journal.RegisterServer("cas");
        reader = journal.CreateReader(journal.Tail);
        topics = [.. tags.Select(t => System.Text.Encoding.UTF8.GetBytes(t.Path))];
        unitParts = [.. tags.Select(t => UnsPayload.UnitPart(t.UnitSymbol))];
        lines = new LineProtocolWriter(data, new LineProtocolOptions());
        history = new SqliteHistory(data, new SqliteHistoryOptions { Path = System.IO.Path.Combine(folder, "history.db") });
    }

    /// <summary>What <see cref="Decode"/> filled.</summary>
    public SampleBatch Batch { get; } = new(PlantData.Changes);

    /// <summary>What <see cref="ReadJournal"/> filled.</summary>
    public SampleBatch FromJournal => read;

    public LineBuffer Text { get; } = new(1 << 20);

    public MemoryStream Zipped { get; } = new(1 << 20);

    public JournalPosition Tail => journal.Tail;

    /// <summary>The next notification, as the OPC UA connector reads it. Times move on with each turn.</summary>
    public int Decode()
    {
        if (next == data.Bodies.Count)
        {
            next = 0;
            shift += data.SpanTicks;
        }

        Batch.Clear();
        var changes = new DataChangeReader(data.Bodies[next++], 1, EncodingLimits.Default);
        while (changes.MoveNext())
        {
            ref var sample = ref Batch.Add();
            sample.Tag = (int)changes.ClientHandle;
            sample.Value = ValueConverter.ToTagValue(ref changes);
            sample.SourceTime = changes.SourceTicks + shift;
            sample.ReceiveTime = sample.SourceTime + 250_000;
            sample.Status = changes.Status.Value;
        }

        return Batch.Count;
    }

    public int Normalise()
    {
        Batch.Truncate(normaliser.Run(Batch.Samples).Kept);
        return Batch.Count;
    }

    public async ValueTask<int> AppendAsync(SampleBatch batch)
    {
        await journal.AppendAsync(server, batch.Memory, new BatchCounts(batch.Count, 0, 0), CancellationToken.None);
        return batch.Count;
    }

    /// <summary>Reads what was appended last; called after each append, or the reader falls behind.</summary>
    public int ReadJournal()
    {
        read.Clear();
        return reader.Read(read, gaps, PlantData.Changes).Samples;
    }

    /// <summary>Reads everything from a place to the tail.</summary>
    public int ReadJournal(JournalPosition from)
    {
        using var again = journal.CreateReader(from);
        var all = 0;
        for (var more = -1; more != 0; all += more)
        {
            read.Clear();
            more = again.Read(read, gaps, PlantData.Changes).Samples;
        }

        return all;
    }

    public void SkipToTail()
    {
        reader.Dispose();
        reader = journal.CreateReader(journal.Tail);
    }

    /// <summary>One PUBLISH of QoS 1 a sample, whole topic, into one buffer.</summary>
    public int EncodeMqtt(SampleBatch batch)
    {
        var at = 0;
        ushort id = 0;
        foreach (ref readonly var sample in batch.Samples)
        {
            var topic = topics[sample.Tag];
            var length = UnsPayload.WriteScalar(payload, sample, unitParts[sample.Tag]);
            PublishWriter.Measure(topic.Length, MqttQos.AtLeastOnce, MqttProtocolVersion.V5, 0, length, out var remaining);
            at += PublishWriter.Write(packets.AsSpan(at), (int)remaining, 0x03, topic, ++id, MqttProtocolVersion.V5, [], [], payload.AsSpan(0, length));
        }

        MqttBytes = at;
        return batch.Count;
    }

    /// <summary>Bytes of the last <see cref="EncodeMqtt"/>.</summary>
    public int MqttBytes { get; private set; }

    public int WriteLines(SampleBatch batch)
    {
        Text.Clear();
        return lines.Write(batch.Samples, Text, int.MaxValue, out _);
    }

    public void Zip()
    {
        Zipped.SetLength(0);
        using var zip = new GZipStream(Zipped, CompressionLevel.Fastest, leaveOpen: true);
        zip.Write(Text.Written.Span);
    }

    public async ValueTask<int> StoreAsync(SampleBatch batch)
    {
        var result = await history.DeliverAsync(new FeedBatch(0, batch.Memory, []), CancellationToken.None);
        return result.Outcome == DeliveryOutcome.Delivered ? batch.Count : throw new InvalidOperationException(result.Reason);
    }

    public async ValueTask DisposeAsync()
    {
        reader.Dispose();
        await journal.DisposeAsync();
        await history.DisposeAsync();
        Batch.Dispose();
        read.Dispose();
        Text.Dispose();
        await Zipped.DisposeAsync();
    }
}
