using System.CommandLine;
using FloorGateway.Hosting;

namespace FloorGateway.Cli;

/// <summary><c>floorgateway ledger</c>.</summary>
internal static class LedgerVerb
{
    public static Command Ledger()
    {
        var config = new Option<string?>("--config") { Description = "The configuration file; its data folder is read.", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "The data folder itself, where there is no configuration at hand.", HelpName = "DIR" };
        var tags = new Option<string?>("--tags") { Description = "Also by tag: those whose path fits the pattern (* one level, ** any).", HelpName = "PATTERN" };
        var json = new Option<bool>("--json") { Description = "As JSON, for scripts." };
        var verb = new Command("ledger", "What became of every sample, out of a data folder: of a gateway that runs or of one that is stopped. Exit code 2 where a sum does not close.") { config, data, tags, json };
        verb.SetAction((parsed, _) => LedgerCommand.ExecuteAsync(
            new LedgerOptions { ConfigFile = parsed.GetValue(config), DataFolder = parsed.GetValue(data), Tags = parsed.GetValue(tags), Json = parsed.GetValue(json) },
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return verb;
    }
}
