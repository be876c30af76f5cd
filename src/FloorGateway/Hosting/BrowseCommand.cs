using FloorGateway.Cli;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway browse</c>.</summary>
public static class BrowseCommand
{
    /// <summary>Runs the verb and gives its exit code.</summary>
    public static async Task<int> ExecuteAsync(BrowseOptions options, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(error);
        await error.WriteLineAsync("not yet wired".AsMemory(), cancel);
        return ExitCodes.Internal;
    }
}
