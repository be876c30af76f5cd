using System.Globalization;
using System.Text;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

/// <summary>
/// Browse names along hierarchical references, for TranslateBrowsePathsToNodeIds (OPC 10000-4, 5.9.4). Written as names with slashes between; a name may begin with
/// its namespace, as <c>nsu=http://example.com/UA/;Press1</c> or <c>2:Press1</c>, and is in the namespace of the name before it otherwise. <c>&amp;</c> makes the
/// next character part of the name.
/// </summary>
public sealed record NodePath
{
    /// <summary>Longer ones are loops of references, or nonsense.</summary>
    private const int MaxNames = 64;

    private readonly (string? Uri, ushort Index, string Name)[] _names;
    private readonly string _text;

    private NodePath(string text, (string? Uri, ushort Index, string Name)[] names) => (_text, _names) = (text, names);

    /// <summary>Names in the path, 1 or more.</summary>
    public int Count => _names.Length;

    /// <exception cref="FormatException">The text is no path.</exception>
    public static NodePath Parse(string text) => TryParse(text, out var path)
        ? path!
        : throw new FormatException($"'{text}' is no browse path. Write it as 'nsu=<namespace uri>;Name/Name' or '2:Name/Name'.");

    /// <summary>Parses without throwing.</summary>
    public static bool TryParse(string? text, out NodePath? path)
    {
        path = null;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        List<(string? Uri, ushort Index, string Name)> names = [];
        string? uri = null;
        ushort index = 0;
        var at = text[0] == '/' ? 1 : 0;
        while (at < text.Length && names.Count < MaxNames)
        {
            if (!ReadNamespace(text, ref at, ref uri, ref index) || ReadName(text, ref at) is not { Length: > 0 } name)
            {
                return false;
            }

            names.Add((uri, index, name));
        }

        if (at < text.Length || names.Count == 0 || text[^1] == '/')
        {
            return false;
        }

        path = new NodePath(text, [.. names]);
        return true;
    }

    /// <summary>The path with the server's namespace indexes.</summary>
    /// <returns>False when the server does not have one of the namespaces.</returns>
    public bool TryResolve(IReadOnlyList<string> namespaceUris, out QualifiedName[] names)
    {
        names = new QualifiedName[_names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            var index = (int)_names[i].Index;
            if (_names[i].Uri is { } uri)
            {
                for (index = namespaceUris.Count - 1; index >= 0 && namespaceUris[index] != uri; index--)
                {
                }
            }

            if (index is < 0 or > ushort.MaxValue)
            {
                return false;
            }

            names[i] = new QualifiedName((ushort)index, _names[i].Name);
        }

        return true;
    }

    public override string ToString() => _text;

    public bool Equals(NodePath? other) => other is not null && _text == other._text;

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    private static bool ReadNamespace(string text, ref int at, ref string? uri, ref ushort index)
    {
        if (string.CompareOrdinal(text, at, "nsu=", 0, 4) == 0)
        {
            var end = text.IndexOf(';', at);
            if (end < 0)
            {
                return false;
            }

            (uri, at) = (text[(at + 4)..end], end + 1);
            return uri.Length > 0;
        }

        var digits = at;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        if (digits > at && digits < text.Length && text[digits] == ':')
        {
            if (!ushort.TryParse(text.AsSpan(at, digits - at), NumberStyles.None, CultureInfo.InvariantCulture, out index))
            {
                return false;
            }

            (uri, at) = (null, digits + 1);
        }

        return true;
    }

    private static string ReadName(string text, ref int at)
    {
        var name = new StringBuilder();
        for (; at < text.Length; at++)
        {
            if (text[at] == '/')
            {
                at++;
                break;
            }

            if (text[at] == '&' && at + 1 < text.Length)
            {
                at++;
            }

            name.Append(text[at]);
        }

        return name.ToString();
    }
}
