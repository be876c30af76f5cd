using System.IO.Enumeration;
using System.Text;
using FloorGateway.Cli;
using FloorGateway.Configuration;
using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.History;
using FloorGateway.Model.Tags;
using Microsoft.Data.Sqlite;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway history export</c>: the embedded history as CSV, read beside a running gateway.</summary>
internal static class HistoryExportCommand
{
    public static async Task<int> ExecuteAsync(HistoryExportOptions options, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var result = new ConfigurationLoader().Load(options.ConfigFile);
        CheckCommand.Report(result, options.ConfigFile, error);
        if (!result.IsValid)
            return ExitCodes.BadConfiguration;
        if (result.Configuration.Feeds.OfType<HistoryFeedSettings>().FirstOrDefault() is not { } feed)
        {
            await error.WriteLineAsync($"floorgateway: {options.ConfigFile} has no feed of type history that is turned on");
            return ExitCodes.BadConfiguration;
        }

        var stored = FeedDestinations.History(feed, result.Configuration.Gateway) with { ReadOnly = true };
        if (!File.Exists(stored.Path))
        {
            await error.WriteLineAsync($"floorgateway: there is no history at {stored.Path} yet; it is made when the gateway runs");
            return ExitCodes.BadConfiguration;
        }

        try
        {
            await using var history = new SqliteHistory(new EmptyCatalog(), stored);
            var paths = (await history.CountAsync(cancel)).Keys.Where(p => FileSystemName.MatchesSimpleExpression(options.Tags, p, ignoreCase: false)).Order(StringComparer.Ordinal).ToArray();
            if (paths.Length == 0)
            {
                await error.WriteLineAsync($"floorgateway: {stored.Path} holds no tag that matches '{options.Tags}'");
                return ExitCodes.BadConfiguration;
            }

            await using var file = options.OutputFile is { } name ? new StreamWriter(name, append: false, new UTF8Encoding(false)) : null;
            var samples = await HistoryCsv.WriteAsync(history, paths, options.From?.Ticks ?? 0, options.To?.Ticks ?? long.MaxValue, file ?? output, cancel);
            if (file is not null)
                await output.WriteLineAsync($"{samples} samples of {paths.Length} tags in {options.OutputFile}");
            return ExitCodes.Ok;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SqliteException or InvalidDataException)
        {
            await error.WriteLineAsync($"floorgateway: {fault.Message}");
            return ExitCodes.BadConfiguration;
        }
    }

    /// <summary>Reading goes by path: no ids are needed.</summary>
    private sealed class EmptyCatalog : ITagCatalog
    {
        public int Count => 0;

        public TagDefinition this[int id] => throw new ArgumentOutOfRangeException(nameof(id));

        public bool TryFind(string path, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TagDefinition? tag)
        {
            tag = null;
            return false;
        }
    }
}
