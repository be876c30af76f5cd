using FloorGateway.Configuration;

namespace FloorGateway.Hosting;

/// <summary>Finds the data folder that a command is about.</summary>
internal static class DataFolder
{
    /// <summary>The folder itself, or the one that a configuration names; null where neither is given or the configuration is wrong, which is then said.</summary>
    public static async Task<string?> FindAsync(string? configFile, string? folder, TextWriter error)
    {
        if (folder is null && configFile is null)
        {
            await error.WriteLineAsync("floorgateway: name the gateway with --config FILE, or its data folder with --data DIR");
            return null;
        }

        if (folder is null)
        {
            var loaded = new ConfigurationLoader().Load(configFile!);
            foreach (var fault in loaded.Errors)
                await error.WriteLineAsync(fault.ToString());
            if (!loaded.IsValid)
                return null;
            folder = loaded.Configuration.Gateway.DataFolder;
        }

        if (Directory.Exists(Path.Combine(folder, "journal")))
            return Path.GetFullPath(folder);
        await error.WriteLineAsync($"floorgateway: {Path.GetFullPath(folder)} holds no journal; the gateway makes it at its first start");
        return null;
    }
}
