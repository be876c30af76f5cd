using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FloorGateway.Cli;

/// <summary>The command line: verbs, their options, their help.</summary>
public static class CommandLineEntry
{
    /// <summary>Time for flushing the journal after Ctrl-C or SIGTERM, before the process ends regardless; below systemd's 90 s.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);

    /// <summary>Runs a command line and gives the exit code.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="output">Standard output; null = the console's.</param>
    /// <param name="error">Standard error; null = the console's.</param>
    /// <param name="cancel">Stops the running verb as Ctrl-C would.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter? output = null, TextWriter? error = null, CancellationToken cancel = default)
    {
        var configuration = new InvocationConfiguration
        {
            Output = output ?? Console.Out,
            Error = error ?? Console.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = StopTime,
        };
        try
        {
            return await Build().Parse(arguments).InvokeAsync(configuration, cancel);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Ok;
        }
        catch (Exception fault)
        {
            await configuration.Error.WriteLineAsync($"floorgateway: this should not have happened; please report it with the lines below\n{fault}");
            return ExitCodes.Internal;
        }
    }

    /// <summary>The whole command tree.</summary>
    public static RootCommand Build()
    {
        var root = new RootCommand("Reads plant-floor equipment over OPC UA, keeps every sample in a journal, and feeds MQTT, InfluxDB and its own history from it.");
        foreach (var verb in (Command[])[Verbs.Demo(), Verbs.Run(), Verbs.Check(), Verbs.Browse(), LedgerVerb.Ledger(), FeedVerbs.Feed(), SimulateVerbs.Simulate(), GenerateVerb.Generate(), JournalVerbs.Journal(), HistoryVerbs.History(), TraceVerb.Trace(), CertificateVerbs.Certificates()])
            root.Add(verb);
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExitCodes((HelpAction)help.Action!);
        return root;
    }

    private sealed class HelpWithExitCodes(HelpAction inner) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            inner.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Exit codes:");
            foreach (var (code, meaning) in ExitCodes.All)
                output.WriteLine($"  {code,-3} {meaning}");
            output.WriteLine();
            return ExitCodes.Ok;
        }
    }
}
