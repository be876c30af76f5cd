using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using FloorGateway.Configuration;
using FloorGateway.JournalTools;

namespace FloorGateway.Cli;

/// <summary><c>floorgateway journal</c> with its verbs.</summary>
internal static class JournalVerbs
{
    public static Command Journal() => new("journal", "Looks into a gateway's journal, running or stopped, and takes samples out of it. Changes nothing in it.")
    {
        Inspect(), Verify(), Export(), Replay(),
    };

    private static Command Inspect()
    {
        var (data, config) = Place();
        var verb = new Command("inspect", "A table of the segments: samples, tags, bytes a sample, times, damage.") { data, config };
        verb.SetAction(parsed => Find(parsed.GetValue(data), parsed.GetValue(config), parsed.InvocationConfiguration.Error) is { } place
            ? JournalInspectCommand.Inspect(place, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error)
            : ExitCodes.BadConfiguration);
        return verb;
    }

    private static Command Verify()
    {
        var (data, config) = Place();
        var verb = new Command("verify", $"Reads every block and every value; ends with {ExitCodes.JournalDamaged} where something can't be read.") { data, config };
        verb.SetAction(parsed => Find(parsed.GetValue(data), parsed.GetValue(config), parsed.InvocationConfiguration.Error) is { } place
            ? JournalInspectCommand.Verify(place, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error)
            : ExitCodes.BadConfiguration);
        return verb;
    }

    private static Command Export()
    {
        var (data, config) = Place();
        var (from, to, tag) = Selection();
        var format = new Option<ExportFormat>("--format") { Description = "Csv, or Lines for InfluxDB's line protocol.", DefaultValueFactory = _ => ExportFormat.Csv };
        var file = new Option<string?>("--out") { Description = "Writes to this file instead of the terminal.", HelpName = "FILE" };
        var verb = new Command("export", "Writes samples as CSV or line protocol.") { data, config, from, to, tag, format, file };
        verb.SetAction((parsed, cancel) => Task.Run(
            () =>
            {
                var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
                if (Find(parsed.GetValue(data), parsed.GetValue(config), error) is not { } place)
                    return ExitCodes.BadConfiguration;
                var selection = Selected(parsed, from, to, tag);
                if (parsed.GetValue(file) is not { } path)
                    return JournalExportCommand.Execute(place, selection, parsed.GetValue(format), output, error, cancel);
                using var writer = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16);
                return JournalExportCommand.Execute(place, selection, parsed.GetValue(format), writer, error, cancel);
            },
            CancellationToken.None));
        return verb;
    }

    private static Command Replay()
    {
        var feed = new Argument<string>("FEED") { Description = "Name of the feed in the configuration." };
        var config = new Option<string>("--config") { Description = "The configuration file.", HelpName = "FILE", Required = true };
        var (from, to, tag) = Selection();
        var verb = new Command("replay", "Delivers samples to a feed's destination once more, marked as replay. The feed's own place and the ledger stay as they are.") { feed, config, from, to, tag };
        verb.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var result = new ConfigurationLoader().Load(parsed.GetRequiredValue(config));
            if (result.IsValid)
                return await JournalReplayCommand.ExecuteAsync(result.Configuration, parsed.GetRequiredValue(feed), Selected(parsed, from, to, tag), output, error, cancel);
            CheckCommand.Report(result, parsed.GetRequiredValue(config), error);
            return ExitCodes.BadConfiguration;
        });
        return verb;
    }

    private static (Option<string?> Data, Option<string?> Config) Place() =>
    (
        new Option<string?>("--data") { Description = "The gateway's data folder; data without it.", HelpName = "DIR" },
        new Option<string?>("--config") { Description = "The configuration whose data folder is meant.", HelpName = "FILE" });

    private static (Option<DateTime?> From, Option<DateTime?> To, Option<string[]> Tag) Selection() =>
    (
        new Option<DateTime?>("--from") { Description = "Source time to begin with: 2027-03-15T08:00:00Z, or 2h for two hours ago.", HelpName = "TIME", CustomParser = Moment },
        new Option<DateTime?>("--to") { Description = "Source time to end before.", HelpName = "TIME", CustomParser = Moment },
        new Option<string[]>("--tag") { Description = "Only tags whose path matches, with * and ?; may be given several times.", HelpName = "PATTERN" });

    private static JournalSelection Selected(ParseResult parsed, Option<DateTime?> from, Option<DateTime?> to, Option<string[]> tag) =>
        new() { From = parsed.GetValue(from), To = parsed.GetValue(to), Tags = parsed.GetValue(tag) ?? [] };

    private static DateTime? Moment(ArgumentResult result)
    {
        if (JournalSelection.TryMoment(result.Tokens[0].Value, TimeProvider.System, out var moment))
            return moment;
        result.AddError($"'{result.Tokens[0].Value}' is no time; write 2027-03-15T08:00:00Z, or a duration before now such as 2h.");
        return null;
    }

    private static JournalPlace? Find(string? data, string? config, TextWriter error)
    {
        if (data is not null && config is not null)
        {
            error.WriteLine("--data and --config both name a data folder; leave one out.");
            return null;
        }

        if (config is null)
            return new JournalPlace(Path.GetFullPath(data ?? "data"));
        var result = new ConfigurationLoader().Load(config);
        if (result.IsValid)
            return new JournalPlace(result.Configuration.Gateway.DataFolder);
        CheckCommand.Report(result, config, error);
        return null;
    }
}
