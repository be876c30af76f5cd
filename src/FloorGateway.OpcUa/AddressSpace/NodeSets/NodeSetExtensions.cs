using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.AddressSpace.NodeSets;

/// <summary>Loads NodeSet2 files: companion specifications and machine builders' own models (OPC 10000-6, annex F).</summary>
public static class NodeSetExtensions
{
    /// <summary>Loads files together, in any order; what they need of each other is found among them.</summary>
    /// <param name="space">Where to. Namespaces get the next free indexes; they do not become the default namespace.</param>
    /// <param name="paths">The files.</param>
    /// <param name="options">Limits.</param>
    /// <returns>The models loaded, in the order of the files.</returns>
    /// <exception cref="NodeSetException">Something is wrong with a file; nothing was added.</exception>
    /// <exception cref="IOException">A file can't be opened.</exception>
    public static IReadOnlyList<NodeSetModel> LoadNodeSets(this Space space, IEnumerable<string> paths, NodeSetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(paths);
        return Load(space, options ?? new NodeSetOptions(), build =>
        {
            foreach (var path in paths)
            {
                using var stream = File.OpenRead(path);
                NodeSetReader.Read(stream, Path.GetFileName(path), build);
            }
        });
    }

    /// <summary>Loads one file.</summary>
    /// <inheritdoc cref="LoadNodeSets"/>
    public static IReadOnlyList<NodeSetModel> LoadNodeSet(this Space space, string path, NodeSetOptions? options = null) => space.LoadNodeSets([path], options);

    /// <summary>Loads one file from a stream.</summary>
    /// <param name="space">Where to.</param>
    /// <param name="stream">The XML.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">Limits.</param>
    /// <exception cref="NodeSetException">Something is wrong with it; nothing was added.</exception>
    public static IReadOnlyList<NodeSetModel> LoadNodeSet(this Space space, Stream stream, string name = "nodeset", NodeSetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(stream);
        return Load(space, options ?? new NodeSetOptions(), build => NodeSetReader.Read(stream, name, build));
    }

    private static List<NodeSetModel> Load(Space space, NodeSetOptions options, Action<NodeSetBuild> read)
    {
        var build = new NodeSetBuild(space, options);
        read(build);
        var models = CheckModels(build);
        var linker = new NodeSetLinker(build);
        linker.Link();
        List<NodeSetModel> found = [.. models.Select(m => m with { Findings = [.. m.Findings, .. linker.Findings.Where(f => f.File == m.File).Select(f => f.Text)] })];
        space.Publish(build, linker.Deferred, found);
        return found;
    }

    private static List<NodeSetModel> CheckModels(NodeSetBuild build)
    {
        var checkedModels = new List<NodeSetModel>(build.Models.Count);
        foreach (var model in build.Models)
        {
            if (build.Space.Models.FirstOrDefault(m => m.Uri == model.Uri) is { } loaded && model.Uri != Types.Namespaces.OpcUa)
                throw new NodeSetException(model.File, 0, null, $"The model {model.Uri} is in the address space already, from {loaded.File}. Load it once.");
            var findings = new List<string>();
            foreach (var required in model.Required)
            {
                var there = build.Models.Find(m => m.Uri == required.Uri) ?? build.Space.Models.FirstOrDefault(m => m.Uri == required.Uri);
                if (there is null)
                    throw new NodeSetException(model.File, 0, null, $"It builds on the model {required.Uri} ({required.Version ?? "any version"}), which is not there. Load its NodeSet2 file before or together with this one.");
                if (required.PublicationDate > there.PublicationDate)
                    findings.Add($"{model.File} asks for {required.Uri} of {required.PublicationDate:yyyy-MM-dd}; the one that is there is of {there.PublicationDate:yyyy-MM-dd}.");
            }

            checkedModels.Add(model with { Findings = findings });
        }

        return checkedModels;
    }
}
