using System.Buffers;
using System.Buffers.Binary;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>
/// Reads a block of columns: all of it is unpacked at the first sample wanted, into arrays in the order of tags, and the samples are put together from these in journal
/// order. Throws what <see cref="BlockDecoder"/> throws.
/// </summary>
internal sealed class ColumnDecoder
{
    private readonly NumberRun run = new();
    private readonly StringPool pool = new();
    private int[] ids = [];
    private int[] next = [];
    private int[] counts = [];
    private int[] order = [];
    private int[] states = [];
    private byte[] kinds = [];
    private long[] bits = [];
    private long[] sources = [];
    private long[] receives = [];
    private object?[]? references;
    private (uint Status, SampleOrigin Origin, SampleFlags Flags)[] stateTable = [];
    private int at;
    private int total;

    /// <summary>Appends up to <paramref name="most"/> samples and gives their number.</summary>
    public int ReadSamples(SampleBatch into, int most)
    {
        var count = Math.Min(most, total - at);
        for (var end = at + count; at < end; at++)
        {
            var tag = order[at];
            var place = next[tag]++;
            ref readonly var state = ref stateTable[states[place]];
            ref var sample = ref into.Add();
            var kind = (ValueKind)kinds[place];
            sample.Value = kind <= ValueKind.DateTime ? TagValue.FromBits(kind, bits[place]) : Reference(kind, references![place]!);
            sample.SourceTime = sources[place];
            sample.ReceiveTime = receives[at];
            sample.Status = state.Status;
            sample.Tag = ids[tag];
            sample.Origin = state.Origin;
            sample.Flags = state.Flags;
        }

        if (at == total)
            Release();
        return count;
    }

    /// <summary>Gives the memory back; what was not read is lost.</summary>
    public void Release()
    {
        Return(ref order);
        Return(ref states);
        Return(ref kinds);
        Return(ref bits);
        Return(ref sources);
        Return(ref receives);
        references = null;
        (at, total) = (0, 0);
    }

    /// <summary>Unpacks a block.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="from">Where the columns begin in it.</param>
    public void Load(in BlockHeader header, ReadOnlySpan<byte> payload, int from)
    {
        Release();
        var count = header.SampleCount;
        var sections = new SectionReader(payload, from);
        try
        {
            var tags = ReadTags(sections.Next(), count);
            Rent(count);
            ReadOrder(sections.NextForm(), sections.Next(), tags, count);
            ReadReceiveTimes(sections.Next(), header.MinReceiveTime, count);
            ReadSourceTimes(sections.NextForm(), sections.Next(), SampleCode.TimeUnits[header.TimeUnit], header.MinReceiveTime, tags, count);
            ReadStates(sections.Next(), sections.Next(), count);
            var values = new ValueColumnReader(ref sections, run, pool);
            for (int tag = 0, start = 0; tag < tags; tag++)
            {
                values.ReadTag(kinds, bits, ref references, start, counts[tag]);
                start += counts[tag];
            }

            PlaceTags(tags);
            total = count;
        }
        catch
        {
            Release();
            throw;
        }
        finally
        {
            sections.Dispose();
        }
    }

    private static TagValue Reference(ValueKind kind, object value) => kind switch
    {
        ValueKind.String => TagValue.From((string)value),
        ValueKind.Bytes => TagValue.From((byte[])value),
        ValueKind.Array => TagValue.From((Array)value),
        _ => TagValue.From((StructureValue)value),
    };

    private static void Return<T>(ref T[] array)
    {
        if (array.Length > 0)
            ArrayPool<T>.Shared.Return(array);
        array = [];
    }

    private void Rent(int count)
    {
        order = ArrayPool<int>.Shared.Rent(count);
        states = ArrayPool<int>.Shared.Rent(count);
        kinds = ArrayPool<byte>.Shared.Rent(count);
        bits = ArrayPool<long>.Shared.Rent(count);
        sources = ArrayPool<long>.Shared.Rent(count);
        receives = ArrayPool<long>.Shared.Rent(count);
    }

    private int ReadTags(ReadOnlySpan<byte> from, int samples)
    {
        var place = 0;
        // An id and a count take a byte each at least.
        var tags = ValueCodec.ReadCount(from, ref place, 2);
        if (ids.Length < tags)
        {
            ids = new int[Math.Max(tags, ids.Length * 2)];
            next = new int[ids.Length];
            counts = new int[ids.Length];
        }

        long id = 0;
        for (var tag = 0; tag < tags; tag++)
            ids[tag] = (int)(id += Varint.Unfold(Varint.Read(from, ref place)));
        long sum = 0;
        for (var tag = 0; tag < tags; tag++)
        {
            var count = Varint.Read(from, ref place);
            if (count > (ulong)samples)
                throw new InvalidDataException("a tag has more samples than its block");
            counts[tag] = (int)count;
            sum += (long)count;
        }

        return sum == samples ? tags : throw new InvalidDataException("the tags' samples are not those of the block");
    }

    /// <summary>The place of each tag's first value.</summary>
    private void PlaceTags(int tags)
    {
        for (int tag = 0, start = 0; tag < tags; tag++)
        {
            next[tag] = start;
            start += counts[tag];
        }
    }

    private void ReadOrder(int form, ReadOnlySpan<byte> from, int tags, int count)
    {
        var successors = ArrayPool<int>.Shared.Rent(Math.Max(tags, 1));
        successors.AsSpan(0, tags).Fill(-1);
        // Until the places are needed, it counts what each tag has had.
        next.AsSpan(0, tags).Clear();
        var (before, place) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var step = Varint.Read(from, ref place);
            var tag = form == 0 ? before + Varint.Unfold(step) : step == 0 ? successors[before] : before + Varint.Unfold(step - 1);
            if ((ulong)tag >= (ulong)tags || ++next[tag] > counts[tag])
                throw new InvalidDataException("the order of the samples makes no sense");
            order[i] = (int)tag;
            successors[before] = (int)tag;
            before = (int)tag;
        }

        ArrayPool<int>.Shared.Return(successors);
    }

    private void ReadReceiveTimes(ReadOnlySpan<byte> from, long time, int count)
    {
        var place = 0;
        for (var i = 0; i < count;)
        {
            var length = Varint.Read(from, ref place);
            if (length == 0 || length > (ulong)(count - i))
                throw new InvalidDataException("the receive times are not those of the block");
            time += Varint.Unfold(Varint.Read(from, ref place));
            receives.AsSpan(i, (int)length).Fill(time);
            i += (int)length;
        }
    }

    private void ReadSourceTimes(int form, ReadOnlySpan<byte> from, long ticks, long baseTime, int tags, int count)
    {
        var place = 0;
        if (form == ColumnEncoder.TimesInJournalOrder)
        {
            PlaceTags(tags);
            var time = baseTime / ticks;
            for (var i = 0; i < count; i++)
            {
                time += Varint.Unfold(Varint.Read(from, ref place));
                sources[next[order[i]]++] = time * ticks;
            }

            return;
        }

        for (int tag = 0, index = 0; tag < tags; tag++)
        {
            var unit = SampleCode.TimeUnits[from[place++]];
            var time = baseTime / unit;
            long period = 0;
            for (var i = 0; i < counts[tag]; i++)
            {
                var step = Varint.Unfold(Varint.Read(from, ref place));
                if (form == ColumnEncoder.TimesOfTagsByPeriod)
                {
                    step += period;
                    period = i == 0 ? 0 : step;
                }

                time += step;
                sources[index++] = time * unit;
            }
        }
    }

    private void ReadStates(ReadOnlySpan<byte> table, ReadOnlySpan<byte> runs, int count)
    {
        var size = table.Length / 6;
        if (stateTable.Length < size)
            stateTable = new (uint, SampleOrigin, SampleFlags)[size];
        for (var i = 0; i < size; i++)
        {
            var entry = table.Slice(i * 6, 6);
            stateTable[i] = (BinaryPrimitives.ReadUInt32LittleEndian(entry), (SampleOrigin)entry[4], (SampleFlags)entry[5]);
        }

        var place = 0;
        for (var i = 0; i < count;)
        {
            var state = Varint.Read(runs, ref place);
            var length = Varint.Read(runs, ref place);
            if (state >= (ulong)size || length == 0 || length > (ulong)(count - i))
                throw new InvalidDataException("the states of the samples make no sense");
            states.AsSpan(i, (int)length).Fill((int)state);
            i += (int)length;
        }
    }
}
