using System.Globalization;
using FloorGateway.Cli;
using FloorGateway.Hosting;
using FloorGateway.Pipeline.Journal;
using Spectre.Console;

namespace FloorGateway.JournalTools;

/// <summary><c>floorgateway journal inspect</c> and <c>verify</c>: what is there, and whether all of it can be read.</summary>
public static class JournalInspectCommand
{
    private const int PlainWidth = 200;

    /// <summary>Prints a table of the segments and what is damaged.</summary>
    public static int Inspect(JournalPlace place, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!IsThere(place, error))
            return ExitCodes.BadConfiguration;
        var table = new Table().Border(TableBorder.Rounded).AddColumn("segment").AddColumn("form");
        foreach (var column in (string[])["first sample", "samples", "blocks", "tags", "gaps", "bytes", "B/sample"])
            table.AddColumn(new TableColumn(column).RightAligned());
        table.AddColumn("from").AddColumn("to").AddColumn("trouble");
        var reports = new List<SegmentReport>();
        foreach (var report in JournalInspector.Inspect(place.Journal))
        {
            reports.Add(report);
            var segment = report.Segment;
            table.AddRow(Cells(
                Number(segment.Number), segment.Packed ? "columns" : "rows", Number(segment.FirstSequence), Number(report.Samples), Number(report.Blocks), Number(report.Tags),
                Number(report.Gaps), Number(segment.Length), PerSample(segment.Length, report.Samples), Time(report.From), Time(report.To), Trouble(report)));
        }

        var (bytes, samples) = (reports.Sum(r => r.Segment.Length), reports.Sum(r => r.Samples));
        table.AddRow(Cells("all", "", "", Number(samples), Number(reports.Sum(r => (long)r.Blocks)), "", Number(reports.Sum(r => (long)r.Gaps)), Number(bytes), PerSample(bytes, samples), "", "", ""));
        var console = Terminal.On(output);
        // A file or a pipe is not to break the lines; a terminal may.
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected)
            console.Profile.Width = PlainWidth;
        console.Write(table);
        WriteDamages(reports, output);
        return ExitCodes.Ok;
    }

    /// <summary>Reads everything and gives <see cref="ExitCodes.JournalDamaged"/> where something can't be read.</summary>
    public static int Verify(JournalPlace place, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (!IsThere(place, error))
            return ExitCodes.BadConfiguration;
        var reports = JournalInspector.Inspect(place.Journal).ToList();
        WriteDamages(reports, output);
        var (damages, missing) = (reports.Sum(r => r.Damages.Count), reports.Sum(r => r.Missing));
        foreach (var report in reports.Where(r => r.Unfinished > 0))
            output.WriteLine($"{Path.GetFileName(report.Segment.Path)}: the last {Number(report.Unfinished)} bytes are no whole block: one is being written, or a kill cut it short and the next start takes it off");
        output.WriteLine(damages == 0 && missing == 0
            ? $"{Number(reports.Count)} segments, {Number(reports.Sum(r => (long)r.Blocks))} blocks, {Number(reports.Sum(r => r.Samples))} samples: every checksum and every value is sound."
            : $"{Number(damages)} damaged places, {Number(missing)} samples missing; {Number(reports.Sum(r => r.Samples))} samples can be read.");
        return damages == 0 && missing == 0 ? ExitCodes.Ok : ExitCodes.JournalDamaged;
    }

    internal static bool IsThere(JournalPlace place, TextWriter error)
    {
        if (place.Problem() is not { } problem)
            return true;
        error.WriteLine($"floorgateway: {problem}");
        return false;
    }

    private static void WriteDamages(List<SegmentReport> reports, TextWriter output)
    {
        foreach (var damage in reports.SelectMany(r => r.Damages))
            output.WriteLine($"{damage.Segment}: {Number(damage.Length)} bytes from offset {damage.Offset}: {damage.Reason}");
        foreach (var report in reports.Where(r => r.Missing > 0))
            output.WriteLine($"{Path.GetFileName(report.Segment.Path)}: {Number(report.Missing)} sequence numbers before or in it have no sample (damage, a power cut, or the size limit)");
    }

    private static string Trouble(SegmentReport report) => string.Join(", ", ((string[])
    [
        report.Damages.Count > 0 ? $"{report.Damages.Count} damaged" : "",
        report.Missing > 0 ? $"{Number(report.Missing)} missing" : "",
        report.Unfinished > 0 ? $"{Number(report.Unfinished)} bytes unfinished" : "",
    ]).Where(t => t.Length > 0));

    private static string[] Cells(params string[] texts) => [.. texts.Select(Markup.Escape)];

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string PerSample(long bytes, long samples) => samples == 0 ? "" : ((double)bytes / samples).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Time(long ticks) => ticks == 0 ? "" : new DateTime(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
