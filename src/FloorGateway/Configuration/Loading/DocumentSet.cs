using FloorGateway.Configuration.Yaml;

namespace FloorGateway.Configuration.Loading;

/// <summary>The main file and everything it includes, merged section by section.</summary>
internal sealed class DocumentSet
{
    public static readonly Section Root = new("the configuration", "gateway", "broker", "journal", "servers", "include", "equipmentTypes", "units", "feeds");

    private static readonly string[] SingleSections = ["gateway", "broker", "journal"];

    private readonly LoadingContext context;
    private readonly Dictionary<string, ConfigNode> single = [];
    private readonly Dictionary<string, OrderedDictionary<string, ConfigEntry>> maps = new() { ["servers"] = [], ["equipmentTypes"] = [], ["feeds"] = [] };
    private readonly HashSet<string> read = [];

    public DocumentSet(string main, LoadingContext context)
    {
        this.context = context;
        Read(main, new SourcePosition(main, 0, 0), []);
    }

    /// <summary>Entries of <c>units</c> from all files, in order.</summary>
    public List<ConfigNode> Units { get; } = [];

    /// <summary>The section's node; null where no file has it.</summary>
    public ConfigNode? Single(string section) => single.GetValueOrDefault(section);

    /// <summary>The entries of <c>servers</c>, <c>equipmentTypes</c> or <c>feeds</c> from all files.</summary>
    public IEnumerable<ConfigEntry> Entries(string section) => maps[section].Values;

    private void Read(string file, SourcePosition from, IReadOnlyList<string> way)
    {
        if (way.FirstOrDefault(f => Same(f, file)) is { } first)
        {
            context.Errors.Error(from, $"'include' goes in a circle: {string.Join(" includes ", way.SkipWhile(f => f != first))} includes {first}", "take one of these includes out");
            return;
        }

        if (!read.Add(Path.GetFullPath(file)))
            return;
        string text;
        try
        {
            text = context.Files.ReadText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var missing = e is FileNotFoundException or DirectoryNotFoundException;
            context.Errors.Error(from, missing ? $"file {file} is not there" : $"file {file} can't be read: {e.Message}", missing ? "mend the path" : "give the gateway's user the right to read it");
            return;
        }

        if (YamlText.Read(file, text, context.Errors) is { } document)
            Take(new MapReader(document, Root, context.Errors), file, [.. way, file]);
    }

    private static bool Same(string a, string b) => Path.GetFullPath(a) == Path.GetFullPath(b);

    private void Take(MapReader document, string file, IReadOnlyList<string> way)
    {
        foreach (var section in SingleSections)
        {
            if (document.Node(section) is { } node && !single.TryAdd(section, node))
                context.Errors.Error(node.At, $"'{section}' is already given at {single[section].At}", "keep one of the two");
        }

        foreach (var (section, entries) in maps)
        {
            foreach (var entry in document.Entries(section))
            {
                if (!entries.TryAdd(entry.Key.Value, entry))
                    context.Errors.Error(entry.Key.At, $"'{entry.Key.Value}' in {section} is already given at {entries[entry.Key.Value].Key.At}", "rename one of the two or take it out");
            }
        }

        Units.AddRange(document.List("units"));
        foreach (var pattern in document.Texts("include"))
        {
            var found = context.Files.Find(file, pattern.Value);
            if (found.Count == 0)
                context.Errors.Error(pattern.At, $"no file matches '{pattern.Value}'", "mend the path; it counts from this file, and '*' may stand in its last part");
            foreach (var included in found)
                Read(included, pattern.At, way);
        }
    }
}
