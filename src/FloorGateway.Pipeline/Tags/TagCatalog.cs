using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using FloorGateway.Model.Tags;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Tags;

/// <summary>
/// Gives every path an id for ever. The ids stand in an append-only text file of checksummed lines (crc, id, path, server, equipment type, unit path, signal, unit
/// code, unit symbol, separated by tabs), forced to the disk before anything uses a new id, and in a copy of it: nothing else tells what the journal's numbers mean.
/// Immutable after opening.
/// </summary>
public sealed partial class TagCatalog : ITagCatalog
{
    /// <summary>Behind the name of the file that holds the same once more.</summary>
    internal const string CopyExtension = ".copy";

    private readonly List<TagDefinition> tags = [];
    private readonly Dictionary<string, TagDefinition> byPath = new(StringComparer.Ordinal);
    private readonly ILogger logger;

    private TagCatalog(ILogger logger) => this.logger = logger;

    public int Count => tags.Count;

    public TagDefinition this[int id] => tags[id];

    /// <summary>Opens the file (made where missing) and gives an id to every definition. Paths that the file knows and the configuration doesn't stay, inactive.</summary>
    /// <param name="file">The catalog's file in the data folder.</param>
    /// <param name="definitions">Tags of the configuration; their ids are ignored.</param>
    /// <param name="logger">Told of damage, and of what was restored from the copy.</param>
    /// <exception cref="ArgumentException">Two definitions have one path, or a text holds a tab or line break.</exception>
    /// <exception cref="IOException">The file can't be read or written.</exception>
    public static TagCatalog Open(string file, IEnumerable<TagDefinition> definitions, ILogger<TagCatalog> logger)
    {
        var catalog = new TagCatalog(logger);
        catalog.Load(file, repair: true);
        catalog.Merge(file, definitions);
        return catalog;
    }

    /// <summary>What the file says, changing nothing: for looking at a folder that a gateway may be using.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static TagCatalog Read(string file, ILogger<TagCatalog> logger)
    {
        var catalog = new TagCatalog(logger);
        catalog.Load(file, repair: false);
        return catalog;
    }

    public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag) => byPath.TryGetValue(path, out tag);

    private void Load(string file, bool repair)
    {
        var own = CatalogLines.Read(file);
        var copy = CatalogLines.Read(file + CopyExtension);
        foreach (var number in own.Damaged)
            LogDamagedLine(number, file);
        var lines = own.With(copy);
        foreach (var line in lines)
            Take(line);
        if (lines.Count > own.Lines.Count)
            LogRestored(lines.Count - own.Lines.Count, file);
        if (!copy.IsWhole)
            LogCopyDamaged(file + CopyExtension);
        // Which ids stood in lines that neither file gives is not known: none that they may have held is given again.
        for (var lost = own.LostBeside(copy); lost > 0; lost--)
            tags.Add(Nameless(tags.Count));
        if (!repair || (own.IsWhole && own.Lines.Count == lines.Count && copy.IsWhole && copy.Lines.Count == lines.Count))
            return;
        if (own.Damaged.Count == 0 && own.Torn > 0 && own.Lines.Count == lines.Count)
            LogCut(own.Torn, file);
        Rewrite(file, own, lines);
    }

    /// <summary>Both files anew, with lines for the ids that have lost theirs. What was damaged is kept beside.</summary>
    private void Rewrite(string file, CatalogLines own, IReadOnlyList<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
            CheckedLine.Append(text, line);
        foreach (var tag in tags.Where(t => t.Server.Length == 0 && t.Path == Nameless(t.Id).Path && !byPath.ContainsKey(t.Path)))
        {
            CheckedLine.Append(text, LineOf(tag));
            byPath.Add(tag.Path, tag);
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (own.Damaged.Count > 0)
            File.Copy(file, file + ".damaged", overwrite: true);
        DurableFile.Replace(file, bytes);
        DurableFile.Replace(file + CopyExtension, bytes);
    }

    private void Take(string line)
    {
        var parts = line.Split('\t');
        var id = int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture);
        while (tags.Count <= id)
            tags.Add(Nameless(tags.Count));
        Put(new TagDefinition
        {
            Id = id,
            Path = parts[1],
            Server = parts[2],
            EquipmentType = parts[3],
            UnitPath = parts[4],
            Signal = parts[5],
            UnitCode = parts[6].Length == 0 ? null : parts[6],
            UnitSymbol = parts[7].Length == 0 ? null : parts[7],
            Active = false,
        });
    }

    private void Merge(string file, IEnumerable<TagDefinition> definitions)
    {
        var configured = new HashSet<string>(StringComparer.Ordinal);
        var lines = new StringBuilder();
        foreach (var definition in definitions)
        {
            if (!configured.Add(definition.Path))
                throw new ArgumentException($"two tags have the path {definition.Path}; give each its own, e.g. by the unit's name", nameof(definitions));
            var known = byPath.TryGetValue(definition.Path, out var old);
            var id = known ? old!.Id : tags.Count;
            var tag = definition with { Id = id, Active = true };
            if (!known)
                tags.Add(tag);
            if (!known || LineOf(old!) != LineOf(tag))
                CheckedLine.Append(lines, LineOf(tag));
            Put(tag);
        }

        if (lines.Length == 0)
            return;
        var bytes = Encoding.UTF8.GetBytes(lines.ToString());
        // The file first: what only the copy has is taken for lost from the file.
        foreach (var path in (string[])[file, file + CopyExtension])
        {
            using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
    }

    private void Put(TagDefinition tag)
    {
        tags[tag.Id] = tag;
        byPath[tag.Path] = tag;
    }

    private static string LineOf(TagDefinition tag)
    {
        string[] parts = [tag.Id.ToString(CultureInfo.InvariantCulture), tag.Path, tag.Server, tag.EquipmentType, tag.UnitPath, tag.Signal, tag.UnitCode ?? "", tag.UnitSymbol ?? ""];
        foreach (var part in parts)
        {
            if (part.AsSpan().ContainsAny('\t', '\n', '\r'))
                throw new ArgumentException($"tag {tag.Path}: '{part}' holds a tab or line break", nameof(tag));
        }

        return string.Join('\t', parts);
    }

    private static TagDefinition Nameless(int id) => new()
    {
        Id = id,
        Path = $"unknown/{id}",
        Server = "",
        EquipmentType = "",
        UnitPath = "unknown",
        Signal = id.ToString(CultureInfo.InvariantCulture),
        Active = false,
    };

    [LoggerMessage(1510, LogLevel.Warning, "Cut {Bytes} unfinished bytes off the end of {File}")]
    private partial void LogCut(int bytes, string file);

    [LoggerMessage(1511, LogLevel.Error, "Line {Line} of {File} is damaged. Where its copy does not give it either, samples of its tag still in the journal have lost their name, and the tag gets a new id")]
    private partial void LogDamagedLine(int line, string file);

    [LoggerMessage(1516, LogLevel.Warning, "{Lines} lines that {File} has lost were restored from its copy")]
    private partial void LogRestored(int lines, string file);

    [LoggerMessage(1517, LogLevel.Warning, "{File} is damaged, or a kill cut it short; it is written anew from the catalog")]
    private partial void LogCopyDamaged(string file);
}
