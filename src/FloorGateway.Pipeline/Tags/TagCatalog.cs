using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using FloorGateway.Model.Tags;
using FloorGateway.Pipeline.Journal;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Tags;

/// <summary>
/// Gives every path an id for ever. The ids stand in an append-only text file of checksummed lines (crc, id, path, server, equipment type, unit path, signal, unit
/// code, unit symbol, separated by tabs), forced to the disk before anything uses a new id. Immutable after opening.
/// </summary>
public sealed partial class TagCatalog : ITagCatalog
{
    private readonly List<TagDefinition> tags = [];
    private readonly Dictionary<string, TagDefinition> byPath = new(StringComparer.Ordinal);
    private readonly ILogger logger;

    private TagCatalog(ILogger logger) => this.logger = logger;

    public int Count => tags.Count;

    public TagDefinition this[int id] => tags[id];

    /// <summary>Opens the file (made where missing) and gives an id to every definition. Paths that the file knows and the configuration doesn't stay, inactive.</summary>
    /// <param name="file">The catalog's file in the data folder.</param>
    /// <param name="definitions">Tags of the configuration; their ids are ignored.</param>
    /// <param name="logger">Told of damaged lines.</param>
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
        if (!File.Exists(file))
            return;
        var bytes = File.ReadAllBytes(file);
        var sound = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        if (sound < bytes.Length && repair)
        {
            // A kill while a line was written: what it would have named was never used.
            LogCut(bytes.Length - sound, file);
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write);
            RandomAccess.SetLength(handle, sound);
        }

        var damaged = 0;
        var number = 0;
        foreach (var range in bytes.AsSpan(0, sound).Split((byte)'\n'))
        {
            var line = bytes.AsSpan(range);
            number++;
            if (line.IsEmpty || TryTake(line))
                continue;
            damaged++;
            LogDamagedLine(number, file);
        }

        // The number in a damaged line is not known: none of those it may have held is given again.
        for (; damaged > 0; damaged--)
            tags.Add(Nameless(tags.Count));
    }

    private bool TryTake(ReadOnlySpan<byte> line)
    {
        if (line.Length < 10 || line[8] != '\t'
            || !uint.TryParse(line[..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var crc) || crc != Crc32C.Compute(line[9..]))
            return false;
        var parts = Encoding.UTF8.GetString(line[9..]).Split('\t');
        if (parts.Length != 8 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id > 100_000_000)
            return false;
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
        return true;
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
                AppendLine(lines, LineOf(tag));
            Put(tag);
        }

        if (lines.Length == 0)
            return;
        using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read);
        stream.Write(Encoding.UTF8.GetBytes(lines.ToString()));
        stream.Flush(flushToDisk: true);
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

    private static void AppendLine(StringBuilder to, string line) =>
        to.Append(Crc32C.Compute(Encoding.UTF8.GetBytes(line)).ToString("x8", CultureInfo.InvariantCulture)).Append('\t').Append(line).Append('\n');

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

    [LoggerMessage(1511, LogLevel.Error, "Line {Line} of {File} is damaged: samples of that tag still in the journal have lost their name, and the tag gets a new id")]
    private partial void LogDamagedLine(int line, string file);
}
