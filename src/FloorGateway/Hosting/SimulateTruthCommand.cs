using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FloorGateway.Cli;
using FloorGateway.Configuration;
using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.Tags;
using FloorGateway.Simulators.Truth;
using Spectre.Console;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway simulate truth</c>.</summary>
internal static class SimulateTruthCommand
{
    // Without --all: enough to see what a run was about.
    private const int PathsShown = 20;

    /// <summary>Runs the verb; a summary that differs, or two files that differ, give <see cref="ExitCodes.RunFailed"/>.</summary>
    public static async Task<int> ExecuteAsync(SimulateTruthOptions options, TextWriter output, TextWriter error)
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
            var closes = Compare(options, console) && wrong.Count == 0;
            if (options.Config is { } config)
                closes &= await HoldAsync(options.File, config, console, error);
            return closes ? ExitCodes.Ok : ExitCodes.RunFailed;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            await error.WriteLineAsync($"floorgateway: {fault.Message}");
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

    private static async Task<bool> HoldAsync(string truthFile, string config, IAnsiConsole console, TextWriter error)
    {
        var result = new ConfigurationLoader().Load(config);
        CheckCommand.Report(result, config, error);
        if (!result.IsValid)
            return false;
        var configuration = result.Configuration;
        if (configuration.Feeds.OfType<HistoryFeedSettings>().FirstOrDefault() is not { } feed)
        {
            await error.WriteLineAsync($"floorgateway: {config} has no feed of type history, and no other says what was stored");
            return false;
        }

        // Nothing may be deleted for its age by somebody who only looks.
        await using var history = new SqliteHistory(new NoTags(), FeedDestinations.History(feed, configuration.Gateway) with { Retention = null });
        var reckoning = await FaultReckoning.OfAsync(truthFile, configuration.Tags, history, whole: false);
        console.MarkupLine($"[{(reckoning.Closes ? "green" : "red")}]Between the first and the last stored point of each tag. {reckoning.Sentence}[/]");
        foreach (var sentence in reckoning.Lost)
            console.MarkupLine($"[red]{Markup.Escape(sentence)}[/]");
        return reckoning.Closes;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(long ticks) => new DateTime(ticks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);

    /// <summary>A reader finds the paths in the history itself.</summary>
    private sealed class NoTags : ITagCatalog
    {
        public int Count => 0;

        public TagDefinition this[int id] => throw new ArgumentOutOfRangeException(nameof(id));

        public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag)
        {
            tag = null;
            return false;
        }
    }
}
