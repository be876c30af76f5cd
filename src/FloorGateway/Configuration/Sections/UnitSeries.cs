using System.Globalization;
using FloorGateway.Configuration.Loading;
using FloorGateway.Configuration.Yaml;

namespace FloorGateway.Configuration.Sections;

/// <summary>
/// Makes many units of one entry: <c>for: {n: 001..120}</c> repeats it with each number in place of <c>{n}</c>. Several words give every combination. Numbers keep the digits of the
/// first one, so that 001..120 counts 001, 002.
/// </summary>
internal static class UnitSeries
{
    private const string Key = "for";

    // Nodes in there have placeholders of their own.
    private const string Overrides = "overrides";

    // A plant of this size would have a hundred times the tags that one gateway reads; more is a slip of the pen.
    private const int MaxUnits = 100_000;

    /// <summary>The entry as many times as it asks for, itself where it asks for nothing, none where what it asks for is wrong.</summary>
    public static IEnumerable<ConfigNode> Expand(ConfigNode node, Diagnostics errors)
    {
        if (node is not ConfigMap map || map.Find(Key) is not { } wanted)
            return [node];
        var words = Words(wanted, errors);
        var body = new ConfigMap(map.At, [.. map.Entries.Where(e => e.Key.Value != Key)]);
        return words is null || !AllUsed(words, body, errors) ? [] : Combinations(words).Select(values => (ConfigNode)Fill(body, values, errors));
    }

    private static List<Word>? Words(ConfigNode wanted, Diagnostics errors)
    {
        var words = new List<Word>();
        var right = true;
        var count = 1L;
        foreach (var (name, node) in MapReader.AsMap(wanted, $"'{Key}'", errors).Entries)
        {
            if (name.Value.Length == 0 || !name.Value.All(char.IsAsciiLetter))
                right = Wrong(name.At, $"'{name.Value}' can't stand for the numbers", "use a word of letters, e.g. n", errors);
            var values = Values(node, errors);
            right &= values is not null;
            count *= values?.Count ?? 1;
            if (count > MaxUnits)
                return Wrong(name.At, $"'{Key}' gives more than {MaxUnits:N0} units", "write shorter ranges", errors) ? words : null;
            words.Add(new Word(name, values ?? []));
        }

        if (words.Count == 0 && right)
            right = Wrong(wanted.At, $"'{Key}' names nothing to count", $"write for: {{n: 01..12}}, or leave '{Key}' out", errors);
        return right && words.Count > 0 ? words : null;
    }

    private static List<string>? Values(ConfigNode node, Diagnostics errors)
    {
        ConfigNode[] items = node is ConfigSequence list ? [.. list.Items] : [node];
        var values = new List<string>();
        foreach (var item in items)
        {
            if (item is not ConfigScalar { IsEmpty: false } scalar)
            {
                Wrong(item.At, $"a range can't be {item.Kind}", "write 01..12, or a list like [01..12, 15]", errors);
                return null;
            }

            if (!TryRange(scalar.Value, values))
            {
                Wrong(scalar.At, $"'{scalar.Value}' is no range", $"write two numbers with two dots between them, the smaller one first and not more than {MaxUnits:N0} of them, e.g. 001..120", errors);
                return null;
            }
        }

        if (values.GroupBy(v => v).FirstOrDefault(g => g.Count() > 1) is not { } twice)
            return values;
        Wrong(node.At, $"'{twice.Key}' is counted twice", "take it out once", errors);
        return null;
    }

    private static bool TryRange(string text, List<string> values)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0)
        {
            values.Add(text);
            return true;
        }

        var (from, to) = (text[..dots], text[(dots + 2)..]);
        if (!int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first) || !int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first || last - first >= MaxUnits)
            return false;
        for (var n = first; n <= last; n++)
            values.Add(n.ToString("D" + from.Length, CultureInfo.InvariantCulture));
        return true;
    }

    // A word that stands nowhere would make the same unit again and again.
    private static bool AllUsed(List<Word> words, ConfigMap body, Diagnostics errors)
    {
        var right = true;
        foreach (var word in words)
        {
            if (!Mentions(body, $"{{{word.Name.Value}}}"))
                right = Wrong(word.Name.At, $"'{word.Name.Value}' is counted but used nowhere", $"write {{{word.Name.Value}}} into the unit's path, or take it out", errors);
        }

        return right;
    }

    private static bool Mentions(ConfigNode node, string placeholder) => node switch
    {
        ConfigScalar scalar => scalar.Value.Contains(placeholder, StringComparison.Ordinal),
        ConfigSequence list => list.Items.Any(i => Mentions(i, placeholder)),
        ConfigMap map => map.Entries.Any(e => e.Key.Value != Overrides && Mentions(e.Value, placeholder)),
        _ => false,
    };

    private static IEnumerable<(string Placeholder, string Value)[]> Combinations(List<Word> words)
    {
        IEnumerable<(string, string)[]> all = [[]];
        foreach (var word in words)
            all = all.SelectMany(before => word.Values.Select(v => before.Append(($"{{{word.Name.Value}}}", v)).ToArray()));
        return all;
    }

    private static ConfigMap Fill(ConfigMap body, (string Placeholder, string Value)[] values, Diagnostics errors) =>
        new(body.At, [.. body.Entries.Select(e => e.Key.Value == Overrides ? e : new ConfigEntry(e.Key, Fill(e.Value, values, errors)))]);

    private static ConfigNode Fill(ConfigNode node, (string Placeholder, string Value)[] values, Diagnostics errors)
    {
        switch (node)
        {
            case ConfigMap map:
                return Fill(map, values, errors);
            case ConfigSequence list:
                return new ConfigSequence(list.At, [.. list.Items.Select(i => Fill(i, values, errors))]);
            case ConfigScalar scalar when scalar.Value.Contains('{', StringComparison.Ordinal):
                var text = scalar.Value;
                foreach (var (placeholder, value) in values)
                    text = text.Replace(placeholder, value, StringComparison.Ordinal);
                if (text.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open && text.IndexOf('}', open) is > 0 and var close)
                    Wrong(scalar.At, $"there is no '{text[(open + 1)..close]}' under '{Key}'", $"add it there, or write one of: {string.Join(", ", values.Select(v => v.Placeholder))}", errors);
                return new ConfigScalar(scalar.At, text, scalar.Quoted);
            default:
                return node;
        }
    }

    private static bool Wrong(SourcePosition at, string message, string remedy, Diagnostics errors)
    {
        errors.Error(at, message, remedy);
        return false;
    }

    private sealed record Word(ConfigScalar Name, IReadOnlyList<string> Values);
}
