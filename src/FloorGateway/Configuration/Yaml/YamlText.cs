using FloorGateway.Configuration.Loading;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FloorGateway.Configuration.Yaml;

/// <summary>
/// Reads a YAML file into nodes with positions. Built on the event parser and not on a deserialiser, because a deserialiser stops at the first error and
/// forgets where things stood.
/// </summary>
internal sealed class YamlText
{
    // A configuration of this gateway is five levels deep; the limit only stops a file made to exhaust the stack.
    private const int MaxDepth = 64;

    private readonly string file;
    private readonly Parser parser;
    private readonly Diagnostics errors;
    private readonly Dictionary<AnchorName, ConfigNode> anchors = [];

    private YamlText(string file, string text, Diagnostics errors)
    {
        this.file = file;
        this.errors = errors;
        parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>The file's one document; an empty map for an empty file; null where the text is no YAML (which is then an error in the list).</summary>
    public static ConfigNode? Read(string file, string text, Diagnostics errors)
    {
        try
        {
            return new YamlText(file, text, errors).Document();
        }
        catch (YamlException broken)
        {
            errors.Error(
                new SourcePosition(file, (int)broken.Start.Line, (int)broken.Start.Column),
                $"not YAML: {broken.Message.TrimEnd('.')}",
                "check the indentation, and put text that holds ':', '#', '{' or '*' in quotes");
            return null;
        }
    }

    private ConfigMap Empty => new(new SourcePosition(file, 1, 1), []);

    private ConfigNode Document()
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _))
            return Empty;
        parser.Consume<DocumentStart>();
        var root = Node(0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
            errors.Error(At(second), "a second YAML document ('---') begins here", "put it in a file of its own and name that under 'include'");
        return root is ConfigScalar { IsEmpty: true } ? Empty : root;
    }

    private ConfigNode Node(int depth)
    {
        if (depth > MaxDepth)
            throw new YamlException(parser.Current!.Start, parser.Current.End, $"nested deeper than {MaxDepth} levels");
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return anchors.TryGetValue(alias.Value, out var target) ? target : throw new YamlException(alias.Start, alias.End, $"no '&{alias.Value}' stands before this alias");
        var begin = parser.Consume<NodeEvent>();
        ConfigNode node = begin switch
        {
            Scalar scalar => new ConfigScalar(At(scalar), scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)),
            SequenceStart => Sequence(begin, depth),
            MappingStart => Map(begin, depth),
            _ => throw new YamlException(begin.Start, begin.End, "not understood"),
        };
        if (!begin.Anchor.IsEmpty)
            anchors[begin.Anchor] = node;
        return node;
    }

    private ConfigSequence Sequence(NodeEvent begin, int depth)
    {
        var items = new List<ConfigNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(depth + 1));
        return new ConfigSequence(At(begin), items);
    }

    private ConfigMap Map(NodeEvent begin, int depth)
    {
        var entries = new List<ConfigEntry>();
        var first = new Dictionary<string, SourcePosition>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is not ConfigScalar name)
                errors.Error(key.At, $"a key must be a word, not {key.Kind}", "put it in quotes if it is meant as text");
            else if (!first.TryAdd(name.Value, name.At))
                errors.Error(name.At, $"'{name.Value}' is already given in line {first[name.Value].Line}", "keep one of the two");
            else
                entries.Add(new ConfigEntry(name, value));
        }

        return new ConfigMap(At(begin), entries);
    }

    private SourcePosition At(ParsingEvent at) => new(file, (int)at.Start.Line, (int)at.Start.Column);
}
