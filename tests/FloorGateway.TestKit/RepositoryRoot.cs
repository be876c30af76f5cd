namespace FloorGateway.TestKit;

/// <summary>Finds the files of the checkout that the tests were built from.</summary>
public static class RepositoryRoot
{
    /// <summary>The folder that holds FloorGateway.sln.</summary>
    public static string Path { get; } = Find();

    /// <summary>A path below the root.</summary>
    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "FloorGateway.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"FloorGateway.sln is not above {AppContext.BaseDirectory}");
    }
}
