using System.CommandLine;
using FloorGateway.Hosting;

namespace FloorGateway.Cli;

/// <summary>The verb <c>history</c>.</summary>
internal static class HistoryVerbs
{
    public static Command History() => new("history", "Works on the embedded history, of a running gateway too.") { Export() };

    private static Command Export()
    {
        var config = new Option<string>("--config") { Description = "The gateway's configuration file: it says where the history is.", HelpName = "FILE", Required = true };
        var tags = new Option<string>("--tag") { Description = "Tags to export, as a pattern with * and ?, e.g. LXE/JSH/CAS/*.", HelpName = "PATTERN", DefaultValueFactory = _ => "*" };
        var from = new Option<DateTime?>("--from") { Description = "First source time (UTC), e.g. 2027-03-15T08:00.", HelpName = "TIME", CustomParser = Verbs.Instant };
        var to = new Option<DateTime?>("--to") { Description = "Source time (UTC) behind the last.", HelpName = "TIME", CustomParser = Verbs.Instant };
        var file = new Option<string?>("--out") { Description = "Writes to this file instead of the terminal.", HelpName = "FILE" };
        var verb = new Command("export", "Writes stored samples as CSV: time, path, value, quality, status.") { config, tags, from, to, file };
        verb.SetAction((parsed, cancel) => HistoryExportCommand.ExecuteAsync(
            new HistoryExportOptions(parsed.GetRequiredValue(config)) { Tags = parsed.GetValue(tags)!, From = parsed.GetValue(from), To = parsed.GetValue(to), OutputFile = parsed.GetValue(file) },
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancel));
        return verb;
    }
}
