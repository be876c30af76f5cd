namespace FloorGateway.Hosting;

/// <summary>Where a demo keeps its files: the folder that was asked for, or one of its own that is gone afterwards.</summary>
internal sealed class DemoFolder : IDisposable
{
    private readonly bool temporary;

    public DemoFolder(string? asked)
    {
        temporary = asked is null;
        Path = asked is null ? Directory.CreateTempSubdirectory("floorgateway-demo-").FullName : System.IO.Path.GetFullPath(asked);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public void Dispose()
    {
        if (temporary)
            Directory.Delete(Path, recursive: true);
    }
}
