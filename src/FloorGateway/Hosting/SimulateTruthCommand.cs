using System.Globalization;
using FloorGateway.Cli;
using FloorGateway.Simulators.Truth;
using Spectre.Console;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway simulate truth</c>.</summary>
internal static class SimulateTruthCommand
{
    // Without --all: enough to see what a run was about.
    private const int PathsShown = 20;

    /// <summary>Runs the verb; a summary that differs, or two files that differ, give <see cref="ExitCodes.RunFailed"/>.</summary>
    public static int Execute(SimulateTruthOptions options, TextWriter output, TextWriter error)
    {
        try
        {
            var truth = TruthFile.Read(options.File);
            var console = Terminal.On(output);
            Show(truth, options.All, console);
            var wrong = truth.Check();
            foreach (var sentence in wrong)
                console.MarkupLine($"[red]{Markup.Escape(sentence)}[/]");
            if (wrong.Count == 0)
                console.MarkupLine("[green]The summary beside the file says the same.[/]");
            return Compare(options, console) && wrong.Count == 0 ? ExitCodes.Ok : ExitCodes.RunFailed;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            error.WriteLine($"floorgateway: {fault.Message}");
            return ExitCodes.BadConfiguration;
        }
    }

    private static void Show(TruthFile truth, bool all, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(Path.GetFileName(truth.File))).AddColumn("path").AddColumn("type");
        foreach (var column in (string[])["changes", "not good", "not in order", "sum"])
            table.AddColumn(new TableColumn(column).RightAligned());
        var paths = all ? truth.Totals.Values.OrderBy(t => t.Path, StringComparer.Ordinal) : truth.Totals.Values.OrderByDescending(t => t.Count).ThenBy(t => t.Path, StringComparer.Ordinal).Take(PathsShown);
        foreach (var of in paths)
            table.AddRow(Markup.Escape(of.Path), of.Last.Type.ToString(), Number(of.Count), Number(of.NotGood), Number(of.NotIncreasing), of.Sum.ToString("G10", CultureInfo.InvariantCulture));
        console.Write(table);
        if (!all && truth.Totals.Count > PathsShown)
            console.WriteLine($"The {PathsShown} busiest of {truth.Totals.Count} paths; --all shows every one.");
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{truth.Count:N0} changes of {truth.Totals.Count:N0} paths from {Time(truth.FirstTicks)} to {Time(truth.LastTicks)}; {truth.Faults.Count(f => f.Event == "begin"):N0} faults; checksum {TruthFile.Text(truth.Checksum)}"));
    }

    private static bool Compare(SimulateTruthOptions options, IAnsiConsole console)
    {
        if (options.Compare is not { } other)
            return true;
        var second = TruthFile.Read(other);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(other)}: {second.Count:N0} changes, checksum {TruthFile.Text(second.Checksum)}"));
        if (TruthFile.FirstDifference(options.File, other) is not var (a, b))
        {
            console.MarkupLine("[green]Both files tell the same run, counted from its first change.[/]");
            return true;
        }

        console.MarkupLine($"[red]They differ from line {(a ?? b)!.Number} on:[/]");
        console.WriteLine(a?.Text ?? $"{options.File} has ended");
        console.WriteLine(b?.Text ?? $"{other} has ended");
        return false;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(long ticks) => new DateTime(ticks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);
}
