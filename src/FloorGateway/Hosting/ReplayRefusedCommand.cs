using FloorGateway.Cli;
using FloorGateway.Pipeline.Feeds;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway feed replay-refused</c>.</summary>
internal static class ReplayRefusedCommand
{
    /// <summary>Runs the verb and gives its exit code.</summary>
    public static async Task<int> ExecuteAsync(string feed, string? configFile, string? dataFolder, TextWriter output, TextWriter error)
    {
        if (await DataFolder.FindAsync(configFile, dataFolder, error) is not { } folder)
            return ExitCodes.BadConfiguration;
        var feeds = Path.Combine(folder, "feeds");
        try
        {
            switch (FeedRunner.ReplayRefused(feeds, feed))
            {
                case null:
                    await error.WriteLineAsync($"floorgateway: feed {feed} still has dead letters to send from the last time; wait until it has");
                    return ExitCodes.RunFailed;
                case 0:
                    IEnumerable<string?> known = Directory.Exists(feeds) ? Directory.EnumerateFiles(feeds, "*.cursor").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal) : [];
                    await output.WriteLineAsync($"feed {feed} has no refused samples; the feeds of {folder} are: {string.Join(", ", known)}");
                    return ExitCodes.Ok;
                case var lines:
                    await output.WriteLineAsync($"{lines} refused samples of feed {feed} are sent again, as soon as it runs; those refused once more come back to {feed}.refused.jsonl");
                    return ExitCodes.Ok;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"floorgateway: {fault.Message}");
            return ExitCodes.RunFailed;
        }
    }
}
