using FloorGateway.Cli;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway demo</c>.</summary>
public static class DemoCommand
{
    /// <summary>Runs the verb and gives its exit code.</summary>
    public static async Task<int> ExecuteAsync(DemoOptions options, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(error);
        await error.WriteLineAsync("not yet wired".AsMemory(), cancel);
        return ExitCodes.Internal;
    }
}
