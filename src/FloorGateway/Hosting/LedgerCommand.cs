using System.Text.Json;
using FloorGateway.Cli;
using FloorGateway.Model.Ledger;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Ledger;
using FloorGateway.Pipeline.Tags;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway ledger</c>: the ledger out of the files of a data folder.</summary>
internal static class LedgerCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Runs the verb and gives its exit code.</summary>
    public static async Task<int> ExecuteAsync(LedgerOptions options, TextWriter output, TextWriter error)
    {
        if (await DataFolder.FindAsync(options.ConfigFile, options.DataFolder, error) is not { } folder)
            return ExitCodes.BadConfiguration;
        try
        {
            var ledger = LedgerBook.Read(folder);
            IReadOnlyList<TagLedger> tags = [];
            if (options.Tags is { } wanted)
            {
                using var loggers = ConsoleLogging.Create(LogLevel.Warning);
                var pattern = new TagPattern(wanted);
                var catalog = TagCatalog.Read(Path.Combine(folder, "tags.catalog"), loggers.CreateLogger<TagCatalog>());
                tags = [.. LedgerBook.ReadTags(folder, catalog).Where(t => pattern.Fits(t.Tag))];
            }

            if (options.Json)
                await output.WriteLineAsync(JsonSerializer.Serialize(new { ledger.Closes, ledger.Differences, ledger.Journaled, ledger.Servers, ledger.Feeds, Tags = tags }, Json));
            else
                await LedgerText.WriteAsync(output, ledger, options.Tags is null ? null : tags);
            return ledger.Closes ? ExitCodes.Ok : ExitCodes.RunFailed;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"floorgateway: {fault.Message}");
            return ExitCodes.BadConfiguration;
        }
    }
}
