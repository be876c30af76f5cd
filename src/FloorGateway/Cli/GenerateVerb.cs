using System.CommandLine;

namespace FloorGateway.Cli;

/// <summary>The verb with its options.</summary>
internal static class GenerateVerb
{
    public static Command Generate()
    {
        var profile = new Argument<string>("PROFILE") { Description = $"The simulated plant: {string.Join(", ", GenerateCommand.Profiles)}." };
        profile.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } name && !GenerateCommand.Profiles.Contains(name))
                result.AddError($"'{name}' is no profile; choose one of {string.Join(", ", GenerateCommand.Profiles)}.");
        });
        var folder = new Option<string>("--out") { Description = "Folder for the files.", HelpName = "DIR", Required = true };
        var force = new Option<bool>("--force") { Description = "Writes over files that are there." };
        var verb = new Command("generate", "Writes the configuration of a simulated plant, ready for 'check' and 'run'.") { profile, folder, force };
        verb.SetAction(parsed => GenerateCommand.Execute(
            new GenerateOptions(parsed.GetRequiredValue(profile), parsed.GetRequiredValue(folder), parsed.GetValue(force)),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return verb;
    }
}
