using FloorGateway.OpcUa.Generator;

// Usage: dotnet run --project tools/FloorGateway.OpcUa.Generator [-- <output folder>]
// Writes src/FloorGateway.OpcUa/Types/Generated, seen from the repository's root, unless told otherwise.
var folder = args.Length > 0 ? args[0] : Path.Combine("src", "FloorGateway.OpcUa", "Types", "Generated");
if (!Directory.Exists(folder))
{
    Console.Error.WriteLine($"There is no folder '{Path.GetFullPath(folder)}'. Start this from the repository's root, or name the folder.");
    return 1;
}

var files = GeneratedFiles.Create(Tables.Load());
foreach (var stale in Directory.GetFiles(folder, "*.g.cs").Where(f => !files.ContainsKey(Path.GetFileName(f))))
{
    File.Delete(stale);
}

foreach (var (name, text) in files)
{
    File.WriteAllText(Path.Combine(folder, name), text);
}

Console.WriteLine($"Wrote {files.Count} files to {folder}.");
return 0;
