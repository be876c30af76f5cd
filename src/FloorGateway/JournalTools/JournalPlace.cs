using FloorGateway.Model.Tags;
using FloorGateway.Pipeline.Tags;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.JournalTools;

/// <summary>A gateway's data folder, looked at from outside: nothing in it is changed, and a gateway may be using it.</summary>
/// <param name="DataFolder">The folder of <c>gateway.data</c>.</param>
public sealed record JournalPlace(string DataFolder)
{
    /// <summary>The journal's own folder.</summary>
    public string Journal => Path.Combine(DataFolder, "journal");

    /// <summary>What is missing, in a sentence; null = nothing.</summary>
    public string? Problem() =>
        Directory.Exists(Journal) ? null : $"{Journal} is not there; give the gateway's data folder with --data, or its configuration with --config";

    /// <summary>The names of the tags in the journal.</summary>
    /// <exception cref="IOException">The catalog can't be read.</exception>
    public ITagCatalog ReadCatalog()
    {
        var file = Path.Combine(DataFolder, "tags.catalog");
        return File.Exists(file)
            ? TagCatalog.Read(file, NullLogger<TagCatalog>.Instance)
            : throw new FileNotFoundException($"{file} is not there, and without it the journal's tags have no names", file);
    }

    /// <summary>Takes the folder as a gateway would, or null where one is using it. To be disposed.</summary>
    /// <exception cref="IOException">The lock's file can't be made.</exception>
    public IDisposable? TryLock()
    {
        try
        {
            return new FileStream(Path.Combine(DataFolder, "in-use.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(DataFolder, "in-use.lock")))
        {
            return null;
        }
    }
}
