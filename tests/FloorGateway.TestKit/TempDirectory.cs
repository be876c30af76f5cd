namespace FloorGateway.TestKit;

/// <summary>A folder of its own that is gone after the test.</summary>
public sealed class TempDirectory : IDisposable
{
    public TempDirectory() => Path = Directory.CreateTempSubdirectory("floorgateway-test-").FullName;

    public string Path { get; }

    /// <summary>A path inside the folder.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A killed foreign program may still hold a file for a moment; the system's temp cleaner takes the rest.
        }
    }
}
