using System.Runtime.InteropServices;
using FloorGateway.Model.Samples;
using FloorGateway.Pipeline.Journal.Columns;
using Microsoft.Win32.SafeHandles;

namespace FloorGateway.Pipeline.Journal;

/// <summary>What became of packing a segment.</summary>
/// <param name="Length">Bytes of the packed form; 0 = the segment stays as it is.</param>
/// <param name="Reason">Why it stays.</param>
/// <param name="Damage">What is damaged in it, where that is why.</param>
internal readonly record struct PackResult(long Length, string? Reason = null, JournalDamage? Damage = null);

/// <summary>
/// Writes a closed segment again with its samples in large blocks of columns. Sequence numbers, totals, names and gap records stay, and every block tells which place it
/// had. A segment with damage stays as it is, and so does one of which a block does not read back as it was written.
/// </summary>
internal sealed class SegmentPacker(int blockSamples, JournalDisk disk)
{
    private readonly BlockEncoder encoder = new();
    private readonly BlockDecoder decoder = new();
    private readonly BlockDecoder check = new();
    private readonly ColumnEncoder columns = new();
    private readonly TotalsTable totals = new();
    private readonly TotalsTable unused = new();
    private readonly List<int> servers = [];
    private readonly int blockSamples = Math.Clamp(blockSamples, 1, ColumnLimits.MaxSamples);
    private SafeFileHandle? file;
    private long length;
    private long rangeStart;
    private long rowBytes;
    private long firstSequence;
    private long lastTime;
    private bool marks;

    /// <exception cref="IOException">The segment can't be read or the target not written.</exception>
    /// <exception cref="OperationCanceledException">Asked to stop; the target is of no use.</exception>
    public PackResult Pack(SegmentInfo segment, string target, CancellationToken cancel)
    {
        (length, rangeStart, rowBytes, marks) = (0, 0, 0, false);
        using var source = new BlockSource();
        using var batch = new SampleBatch(1024);
        source.Open(segment);
        using (file = disk.Create(target))
        {
            long offset = 0;
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                var start = offset;
                var status = source.Read(ref offset, segment.Length, out var header, out var reason);
                if (status == BlockReadStatus.Damaged)
                    return new PackResult(0, reason, new JournalDamage(Path.GetFileName(segment.Path), source.FileOffset, source.FileLength, reason!));
                if (status == BlockReadStatus.End)
                    break;
                if (Take(header, source.Payload, start, offset, batch) is { } problem)
                    return new PackResult(0, problem);
            }

            if (Flush(offset, batch) is { } wrong)
                return new PackResult(0, wrong);
            if (length >= segment.Length)
                return new PackResult(0, "columns are no smaller than its rows");
            disk.Flush(file);
            return new PackResult(length);
        }
    }

    private string? Take(in BlockHeader header, ReadOnlySpan<byte> payload, long start, long end, SampleBatch batch)
    {
        lastTime = header.MaxReceiveTime;
        switch (header.Kind)
        {
            case BlockKind.Samples:
                var follows = batch.Count == 0 || header.FirstSequence == firstSequence + batch.Count;
                if (batch.Count > 0 && (!follows || batch.Count + header.SampleCount > blockSamples || rowBytes + payload.Length > ColumnLimits.MaxRowBytes)
                    && Flush(start, batch) is { } wrong)
                    return wrong;
                if (batch.Count == 0)
                    firstSequence = header.FirstSequence;
                decoder.Begin(header, payload, totals);
                decoder.ReadSamples(payload, batch, int.MaxValue);
                rowBytes += payload.Length;
                return null;
            case BlockKind.Marks:
                decoder.Begin(header, payload, totals);
                if (batch.Count == 0)
                    firstSequence = header.FirstSequence;
                marks = true;
                return null;
            case BlockKind.Servers or BlockKind.Gaps:
                if (Flush(start, batch) is { } broken)
                    return broken;
                decoder.Begin(header, payload, totals);
                encoder.Clear();
                encoder.BeginMoved(start, end - start);
                encoder.WritePayload(payload);
                encoder.End(header.Kind, header.FirstSequence, header.MinReceiveTime, header.MaxReceiveTime);
                Append();
                rangeStart = end;
                return null;
            default:
                return $"it holds a block of kind {header.Kind}";
        }
    }

    /// <summary>Writes what was gathered as one block that stands for the segment's bytes up to here.</summary>
    private string? Flush(long end, SampleBatch batch)
    {
        if (batch.Count == 0 && !marks)
            return null;
        servers.Clear();
        for (var i = 0; i < totals.Count; i++)
            servers.Add(i);
        encoder.Clear();
        encoder.BeginMoved(rangeStart, end - rangeStart);
        encoder.WriteTotals(CollectionsMarshal.AsSpan(servers), totals.Items);
        if (batch.Count == 0)
        {
            encoder.End(BlockKind.Marks, firstSequence, lastTime, lastTime);
        }
        else
        {
            var (unit, min, max) = Survey(batch.Samples);
            encoder.WriteColumns(columns, batch.Samples, unit, min);
            encoder.End(BlockKind.Columns, firstSequence, min, max);
            if (!ReadsBack(batch))
                return "a block of columns does not read back as it was";
        }

        Append();
        firstSequence += batch.Count;
        batch.Clear();
        (rangeStart, rowBytes, marks) = (end, 0, false);
        return null;
    }

    private void Append()
    {
        disk.Write(file!, encoder.Written, length);
        length += encoder.Length;
    }

    /// <summary>The rows are deleted on the strength of this.</summary>
    private bool ReadsBack(SampleBatch batch)
    {
        if (!BlockHeader.TryRead(encoder.Written, out var header) || header.SampleCount != batch.Count)
            return false;
        var payload = encoder.Written[(BlockHeader.Size + BlockHeader.PlaceSize)..];
        check.Begin(header, payload, unused);
        using var piece = new SampleBatch(1024);
        for (var at = 0; at < batch.Count; at += piece.Count)
        {
            piece.Clear();
            check.ReadSamples(payload, piece, 1024);
            if (piece.Count == 0)
                return false;
            for (var i = 0; i < piece.Count; i++)
            {
                if (!SampleEquality.Same(batch[at + i], piece[i]))
                    return false;
            }
        }

        return true;
    }

    private static (int Unit, long Min, long Max) Survey(ReadOnlySpan<Sample> samples)
    {
        var (unit, min, max) = (SampleCode.TimeUnits.Length - 1, long.MaxValue, long.MinValue);
        foreach (ref readonly var sample in samples)
        {
            min = Math.Min(min, sample.ReceiveTime);
            max = Math.Max(max, sample.ReceiveTime);
            while (sample.SourceTime % SampleCode.TimeUnits[unit] != 0)
                unit--;
        }

        return (unit, min, max);
    }
}
