using FloorGateway.Configuration;
using FloorGateway.Generation;
using FloorGateway.Simulators.Profiles;

namespace FloorGateway.Cli;

/// <summary><c>floorgateway generate</c>: the configuration of a simulated plant as files.</summary>
public static class GenerateCommand
{
    /// <summary>Names of the profiles.</summary>
    public static IReadOnlyList<string> Profiles { get; } = [.. SimulationProfile.All.Select(p => p.Name)];

    /// <summary>Writes the profile's file and the equipment types.</summary>
    public static int Execute(GenerateOptions options, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        var profile = SimulationProfile.Find(options.Profile) ?? throw new ArgumentException($"There is no profile {options.Profile}.", nameof(options));
        var files = Files(profile);
        var taken = files.Keys.Select(f => Path.Combine(options.Folder, f)).Where(f => !options.Force && File.Exists(f)).ToList();
        if (taken.Count > 0)
        {
            error.WriteLine($"floorgateway: {taken[0]} is there already{(taken.Count > 1 ? $", and {taken.Count - 1} more of the files" : "")}; choose another folder with --out, or write over them with --force");
            return ExitCodes.BadConfiguration;
        }

        try
        {
            foreach (var (file, text) in files)
            {
                var path = Path.Combine(options.Folder, file);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"floorgateway: the files can't be written to {options.Folder}: {e.Message}");
            return ExitCodes.BadConfiguration;
        }

        var main = Path.Combine(options.Folder, profile.Name + ".yaml");
        output.WriteLine($"{main} and {files.Count - 1} files of equipment types; next: floorgateway check --config {main}");
        return ExitCodes.Ok;
    }

    /// <summary>Everything that the folder needs, by path: what is made here goes over what is built in.</summary>
    private static SortedDictionary<string, string> Files(SimulationProfile profile)
    {
        var builtIn = new EmbeddedFiles();
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in EmbeddedFiles.Names.Where(n => n.StartsWith("equipment-types/", StringComparison.Ordinal)))
            files[file] = builtIn.ReadText(file);
        // What the demo shows of its machines is chosen by hand.
        if (EmbeddedFiles.Names.Contains(profile.Name + ".yaml"))
        {
            files[profile.Name + ".yaml"] = builtIn.ReadText(profile.Name + ".yaml");
            return files;
        }

        foreach (var (file, text) in new ProfileConfiguration(profile).Write())
            files[file] = text;
        return files;
    }
}
