using System.CommandLine;
using FloorGateway.Hosting;

namespace FloorGateway.Cli;

/// <summary>The verb <c>trace</c>.</summary>
internal static class TraceVerb
{
    public static Command Trace()
    {
        var code = new Argument<string>("CODE") { Description = "VIN, battery code of a pack, module or cell, casting, body, coil, roll or lot." };
        var genealogy = new Option<string>("--genealogy") { Description = "The genealogy-*.jsonl of a run, or a folder with one, e.g. that of the demo's --data; of several the newest.", HelpName = "PATH", Required = true };
        var all = new Option<bool>("--all") { Description = "Lists each cell and each part, however many they are." };
        var verb = new Command("trace", "Shows what a part is made of and what it went into, down to the lots and up to the vehicles.") { code, genealogy, all };
        verb.SetAction(parsed => TraceCommand.Execute(
            new TraceOptions(parsed.GetRequiredValue(code), parsed.GetRequiredValue(genealogy)) { All = parsed.GetValue(all) },
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return verb;
    }
}
