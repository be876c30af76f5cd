using System.Runtime.CompilerServices;
using System.Text;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Influx.LineProtocol;

/// <summary>
/// Writes samples as InfluxDB line protocol: one field a signal, one series a unit. No allocation per scalar sample. For one thread at a time.
/// <para>
/// Quality is the field <c>Signal.q</c> (the OPC UA status code): written with each sample that is not good and with the first good one after it (or
/// after start), where it is 0. A bad sample writes no value, so it can't overwrite a good point of the same time. A value that line protocol can't
/// hold (NaN, infinity, an integer beyond the range) writes no value and the quality BadOutOfRange.
/// </para>
/// </summary>
public sealed class LineProtocolWriter(ITagCatalog catalog, LineProtocolOptions options)
{
    /// <summary>Measurement that gap records are written to.</summary>
    public const string GapMeasurement = "floorgateway_gaps";

    // InfluxDB's time is a signed 64-bit count of nanoseconds since 1970: 1677-09-21 to 2262-04-11, here in ticks.
    private const long EarliestTicks = 621355968000000000 - (long.MaxValue / 100);
    private const long LatestTicks = 621355968000000000 + (long.MaxValue / 100);

    // Longest scalar field value (a double of 24 characters, a boolean, an integer with its suffix) with separators.
    private const int ScalarRoom = 32;

    private readonly Dictionary<string, int> prefixes = new(StringComparer.Ordinal);
    private readonly byte[] timeText = new byte[20];
    private LineProtocolSeries?[] series = [];
    private bool[] knownGood = [];
    private long timeTicks = long.MinValue;
    private int timeLength;

    /// <summary>The next good sample of each tag carries its quality again: call this when what was written has not been acknowledged.</summary>
    public void ForgetQuality() => Array.Clear(knownGood);

    /// <summary>How many series have been seen.</summary>
    public int SeriesCount => prefixes.Count;

    /// <summary>Number shared by all tags that stand in the same series; below <see cref="SeriesCount"/>.</summary>
    public int SeriesNumber(int tag) => SeriesOf(tag).Series;

    /// <summary>Writes whole samples until all are written or <paramref name="maxBytes"/> is reached (passed by one line at most).</summary>
    /// <returns>Samples written; fewer than given with <paramref name="problem"/> null means: the size was reached.</returns>
    /// <param name="samples">Normalised samples.</param>
    /// <param name="output">Where the lines are appended.</param>
    /// <param name="maxBytes">Length of <paramref name="output"/> at which to stop.</param>
    /// <param name="problem">Why the sample behind the written ones can't be written at all (its time is outside the protocol's range).</param>
    /// <param name="join">Neighbours of one series and time share a line; off, each sample has a line of its own.</param>
    public int Write(ReadOnlySpan<Sample> samples, LineBuffer output, int maxBytes, out string? problem, bool join = true)
    {
        problem = null;
        LineProtocolSeries? current = null;
        var currentTime = 0L;
        var currentTag = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            ref readonly var sample = ref samples[i];
            var one = SeriesOf(sample.Tag);
            var joins = join && Joins(current, currentTime, currentTag, one, in sample);
            if (current is not null && !joins)
            {
                EndLine(output, currentTime);
                // What comes twice, corrected, must not go in two requests that overtake each other.
                var splits = current.Series != one.Series || currentTime != sample.SourceTime;
                current = null;
                if (output.Length >= maxBytes && splits)
                    return i;
            }

            if (sample.SourceTime is < EarliestTicks or > LatestTicks)
            {
                if (current is not null)
                    EndLine(output, currentTime);
                problem = $"tag {catalog[sample.Tag].Path}: source time {sample.SourceTime} (ticks) lies outside 1677-2262, which InfluxDB can't hold; see to the server's clock";
                return i;
            }

            if (!joins)
                output.Append(one.Prefix);
            output.Append(joins ? (byte)',' : (byte)' ');
            WriteFields(in sample, one, output);
            (current, currentTime, currentTag) = (one, sample.SourceTime, sample.Tag);
        }

        if (current is not null)
            EndLine(output, currentTime);
        return samples.Length;
    }

    /// <summary>
    /// Writes gap records: measurement <c>floorgateway_gaps</c>, tags server and (where one is named) tag, at the time the gap begins; fields cause,
    /// <c>seconds</c> (float) and <c>to</c> (ms since 1970, what Grafana's region annotations take as their end).
    /// </summary>
    public void WriteGaps(IReadOnlyList<GapRecord> gaps, LineBuffer output)
    {
        foreach (var gap in gaps)
        {
            var from = Math.Clamp(gap.From, EarliestTicks, LatestTicks);
            var to = Math.Clamp(gap.To, from, LatestTicks);
            var head = $"{GapMeasurement},server={LineProtocolText.Key(gap.Server)}{(gap.Tag is null ? "" : ",tag=" + LineProtocolText.Key(gap.Tag))} seconds={(to - from) / 1e7:R},to={Floor(to - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerMillisecond)}i,cause=";
            output.Append(Encoding.UTF8.GetBytes(head));
            LineProtocolText.WriteString(output, gap.Cause);
            EndLine(output, from);
        }
    }

    /// <summary>Index of the first sample of each line that <see cref="Write"/> makes of the samples with <c>join</c>.</summary>
    public IReadOnlyList<int> LineStarts(ReadOnlySpan<Sample> samples)
    {
        var starts = new List<int>(samples.Length);
        LineProtocolSeries? current = null;
        for (var i = 0; i < samples.Length; i++)
        {
            var one = SeriesOf(samples[i].Tag);
            if (i == 0 || !Joins(current, samples[i - 1].SourceTime, samples[i - 1].Tag, one, in samples[i]))
                starts.Add(i);
            current = one;
        }

        return starts;
    }

    // The tag must rise, so that no field can come twice in a line.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Joins(LineProtocolSeries? current, long currentTime, int currentTag, LineProtocolSeries one, in Sample sample) =>
        current is not null && one.Series == current.Series && sample.SourceTime == currentTime && sample.Tag > currentTag;

    private static long Floor(long value, long by) => value >= 0 ? value / by : ((value + 1) / by) - 1;

    private void WriteFields(in Sample sample, LineProtocolSeries one, LineBuffer output)
    {
        ref var good = ref knownGood[sample.Tag];
        var outcome = StatusQuality.IsBad(sample.Status) ? FieldOutcome.Nothing : WriteValue(in sample.Value, one, output);
        if (outcome == FieldOutcome.Written)
        {
            if (StatusQuality.IsGood(sample.Status))
            {
                if (good)
                    return;
                good = true;
                output.Append((byte)',');
                WriteQuality(one, 0, output);
                return;
            }

            output.Append((byte)',');
        }

        var status = outcome == FieldOutcome.CannotHold && !StatusQuality.IsBad(sample.Status) ? StatusQuality.BadOutOfRange : sample.Status;
        good = StatusQuality.IsGood(status);
        WriteQuality(one, good ? 0 : status, output);
    }

    private static void WriteQuality(LineProtocolSeries one, uint status, LineBuffer output)
    {
        var room = output.Reserve(one.Quality.Length + ScalarRoom);
        one.Quality.CopyTo(room);
        status.TryFormat(room[one.Quality.Length..], out var digits);
        room[one.Quality.Length + digits] = (byte)'i';
        output.Advance(one.Quality.Length + digits + 1);
    }

    private FieldOutcome WriteValue(in TagValue value, LineProtocolSeries one, LineBuffer output)
    {
        if (value.Kind is >= ValueKind.Boolean and <= ValueKind.DateTime)
        {
            var room = output.Reserve(one.Field.Length + ScalarRoom);
            one.Field.CopyTo(room);
            var length = LineProtocolValue.FormatScalar(in value, options.Unsigned, room[one.Field.Length..]);
            if (length == 0)
                return FieldOutcome.CannotHold;
            output.Advance(one.Field.Length + length);
            return FieldOutcome.Written;
        }

        return value.IsNull ? FieldOutcome.Nothing : LineProtocolValue.WriteReference(in value, one, options, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LineProtocolSeries SeriesOf(int tag)
    {
        var known = series;
        return (uint)tag < (uint)known.Length && known[tag] is { } one ? one : Learn(tag);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private LineProtocolSeries Learn(int tag)
    {
        var definition = catalog[tag];
        if (tag >= series.Length)
        {
            var size = Math.Max(catalog.Count, tag + 1);
            Array.Resize(ref series, size);
            Array.Resize(ref knownGood, size);
        }

        var prefix = LineProtocolSeries.PrefixOf(definition);
        if (!prefixes.TryGetValue(prefix, out var number))
            prefixes.Add(prefix, number = prefixes.Count);
        return series[tag] = LineProtocolSeries.Of(definition, number, prefix);
    }

    private void EndLine(LineBuffer output, long ticks)
    {
        // Samples of one scan carry one time: its digits are kept.
        if (ticks != timeTicks)
        {
            var sinceEpoch = ticks - DateTime.UnixEpoch.Ticks;
            var count = options.Precision switch
            {
                TimePrecision.Nanoseconds => sinceEpoch * 100,
                TimePrecision.Microseconds => Floor(sinceEpoch, TimeSpan.TicksPerMicrosecond),
                TimePrecision.Milliseconds => Floor(sinceEpoch, TimeSpan.TicksPerMillisecond),
                _ => Floor(sinceEpoch, TimeSpan.TicksPerSecond),
            };
            count.TryFormat(timeText, out timeLength);
            timeTicks = ticks;
        }

        var room = output.Reserve(timeLength + 2);
        room[0] = (byte)' ';
        timeText.AsSpan(0, timeLength).CopyTo(room[1..]);
        room[timeLength + 1] = (byte)'\n';
        output.Advance(timeLength + 2);
    }
}
