using System.CommandLine;
using FloorGateway.Hosting;

namespace FloorGateway.Cli;

/// <summary><c>floorgateway feed</c> with its verbs.</summary>
internal static class FeedVerbs
{
    public static Command Feed() => new("feed", "Looks after a feed.") { ReplayRefused() };

    private static Command ReplayRefused()
    {
        var name = new Argument<string>("NAME") { Description = "The feed's name in the configuration." };
        var config = new Option<string?>("--config") { Description = "The configuration file; its data folder is meant.", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "The data folder itself.", HelpName = "DIR" };
        var verb = new Command("replay-refused", "Has a feed send its refused samples again: at once where the gateway runs, else with its next start.") { name, config, data };
        verb.SetAction((parsed, _) => ReplayRefusedCommand.ExecuteAsync(
            parsed.GetRequiredValue(name), parsed.GetValue(config), parsed.GetValue(data), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return verb;
    }
}
