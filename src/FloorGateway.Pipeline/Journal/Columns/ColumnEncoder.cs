using System.Buffers.Binary;
using FloorGateway.Model.Samples;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>
/// Writes many samples as columns. Their order and receive times stand in journal order; source times in whichever order is shorter; status, kinds and values tag after
/// tag, each value against the tag's value before it. Every column is then packed by itself.
/// </summary>
internal sealed class ColumnEncoder
{
    /// <summary>Forms of the source times. Stored: never renumber.</summary>
    public const int TimesInJournalOrder = 0;
    public const int TimesOfTags = 1;
    public const int TimesOfTagsByPeriod = 2;

    private readonly TagGroups groups = new();
    private readonly SectionWriter sections = new();
    private readonly ValueColumnWriter values = new();
    private readonly GrowingBuffer first = new(1 << 16);
    private readonly GrowingBuffer second = new(1 << 16);
    private readonly GrowingBuffer third = new(1 << 16);
    private readonly Dictionary<(uint, SampleOrigin, SampleFlags), int> states = [];
    private int[] successors = [];

    /// <summary>Appends the columns of samples to a payload.</summary>
    /// <param name="samples">In journal order.</param>
    /// <param name="unit">Index into <see cref="SampleCode.TimeUnits"/>: all source times are multiples of it.</param>
    /// <param name="baseTime">From which the first times count: the header's smallest receive time.</param>
    /// <param name="to">The payload.</param>
    public void Write(ReadOnlySpan<Sample> samples, int unit, long baseTime, GrowingBuffer to)
    {
        groups.Group(samples);
        WriteTags(to);
        WriteOrder(to);
        WriteReceiveTimes(samples, baseTime, to);
        WriteSourceTimes(samples, unit, baseTime, to);
        WriteStates(samples, to);
        values.Write(samples, groups.Grouped, groups.Counts, to, sections);
    }

    private void WriteTags(GrowingBuffer to)
    {
        first.Clear();
        first.WriteVarint((ulong)groups.Tags);
        long before = 0;
        foreach (var id in groups.Ids)
        {
            first.WriteVarint(Varint.Fold(id - before));
            before = id;
        }

        foreach (var count in groups.Counts)
            first.WriteVarint((ulong)count);
        sections.Write(to, first.Written);
    }

    /// <summary>As steps from tag to tag, or as the tag that came behind this one the last time.</summary>
    private void WriteOrder(GrowingBuffer to)
    {
        first.Clear();
        second.Clear();
        if (successors.Length < groups.Tags)
            successors = new int[Math.Max(groups.Tags, successors.Length * 2)];
        successors.AsSpan(0, groups.Tags).Fill(-1);
        var before = 0;
        foreach (var tag in groups.Order)
        {
            var step = Varint.Fold(tag - before);
            first.WriteVarint(step);
            second.WriteVarint(successors[before] == tag ? 0 : step + 1);
            successors[before] = tag;
            before = tag;
        }

        sections.WriteShortest(to, [first, second]);
    }

    /// <summary>In runs: a message's samples came together.</summary>
    private void WriteReceiveTimes(ReadOnlySpan<Sample> samples, long baseTime, GrowingBuffer to)
    {
        first.Clear();
        for (var i = 0; i < samples.Length;)
        {
            var time = samples[i].ReceiveTime;
            var end = i + 1;
            while (end < samples.Length && samples[end].ReceiveTime == time)
                end++;
            first.WriteVarint((ulong)(end - i));
            first.WriteVarint(Varint.Fold(time - baseTime));
            baseTime = time;
            i = end;
        }

        sections.Write(to, first.Written);
    }

    private void WriteSourceTimes(ReadOnlySpan<Sample> samples, int unit, long baseTime, GrowingBuffer to)
    {
        first.Clear();
        var ticks = SampleCode.TimeUnits[unit];
        var before = baseTime / ticks;
        foreach (ref readonly var sample in samples)
        {
            var time = sample.SourceTime / ticks;
            first.WriteVarint(Varint.Fold(time - before));
            before = time;
        }

        second.Clear();
        third.Clear();
        var start = 0;
        foreach (var count in groups.Counts)
        {
            WriteTimesOfTag(samples, groups.Grouped.Slice(start, count), baseTime);
            start += count;
        }

        sections.WriteShortest(to, [first, second, third]);
    }

    private void WriteTimesOfTag(ReadOnlySpan<Sample> samples, ReadOnlySpan<int> of, long baseTime)
    {
        var unit = SampleCode.TimeUnits.Length - 1;
        foreach (var index in of)
        {
            while (samples[index].SourceTime % SampleCode.TimeUnits[unit] != 0)
                unit--;
        }

        second.WriteByte((byte)unit);
        third.WriteByte((byte)unit);
        var ticks = SampleCode.TimeUnits[unit];
        var before = baseTime / ticks;
        long period = 0;
        for (var i = 0; i < of.Length; i++)
        {
            var time = samples[of[i]].SourceTime / ticks;
            var step = time - before;
            second.WriteVarint(Varint.Fold(step));
            third.WriteVarint(Varint.Fold(step - period));
            period = i == 0 ? 0 : step;
            before = time;
        }
    }

    private void WriteStates(ReadOnlySpan<Sample> samples, GrowingBuffer to)
    {
        states.Clear();
        first.Clear();
        second.Clear();
        var grouped = groups.Grouped;
        for (var i = 0; i < grouped.Length;)
        {
            ref readonly var sample = ref samples[grouped[i]];
            var state = (sample.Status, sample.Origin, sample.Flags);
            var end = i + 1;
            while (end < grouped.Length && samples[grouped[end]] is var next && (next.Status, next.Origin, next.Flags) == state)
                end++;
            if (!states.TryGetValue(state, out var number))
            {
                states.Add(state, number = states.Count);
                BinaryPrimitives.WriteUInt32LittleEndian(first.Reserve(4), state.Status);
                first.WriteByte((byte)state.Origin);
                first.WriteByte((byte)state.Flags);
            }

            second.WriteVarint((ulong)number);
            second.WriteVarint((ulong)(end - i));
            i = end;
        }

        sections.Write(to, first.Written);
        sections.Write(to, second.Written);
    }
}
