using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FloorGateway.OpcUa.Types;

/// <summary>Identifies a node in a server's address space (OPC 10000-3, 8.2). Sixteen bytes; numeric ids never allocate.</summary>
public readonly struct NodeId : IEquatable<NodeId>
{
    public NodeId(uint numeric) => Numeric = numeric;

    public NodeId(ushort namespaceIndex, uint numeric)
    {
        NamespaceIndex = namespaceIndex;
        Numeric = numeric;
    }

    public NodeId(ushort namespaceIndex, string? identifier)
    {
        NamespaceIndex = namespaceIndex;
        IdType = NodeIdType.String;
        Identifier = identifier;
    }

    public NodeId(ushort namespaceIndex, Guid identifier)
    {
        NamespaceIndex = namespaceIndex;
        IdType = NodeIdType.Guid;
        Identifier = identifier;
    }

    public NodeId(ushort namespaceIndex, byte[]? identifier)
    {
        NamespaceIndex = namespaceIndex;
        IdType = NodeIdType.Opaque;
        Identifier = identifier;
    }

    public static NodeId Null => default;

    public ushort NamespaceIndex { get; }

    public NodeIdType IdType { get; }

    /// <summary>The numeric identifier; 0 for the other kinds.</summary>
    public uint Numeric { get; }

    /// <summary>A <see cref="string"/>, boxed <see cref="System.Guid"/> or <c>byte[]</c>; null for numeric ids.</summary>
    public object? Identifier { get; }

    /// <summary>True for the null NodeId in any of its encodings: namespace 0 and a zero or empty identifier (OPC 10000-3, 8.2.4).</summary>
    public bool IsNull => NamespaceIndex == 0 && IdType switch
    {
        NodeIdType.Numeric => Numeric == 0,
        NodeIdType.String => string.IsNullOrEmpty((string?)Identifier),
        NodeIdType.Guid => (Guid)Identifier! == Guid.Empty,
        _ => Identifier is not byte[] { Length: > 0 },
    };

    public static implicit operator NodeId(uint numeric) => new(numeric);

    public static bool operator ==(NodeId left, NodeId right) => left.Equals(right);

    public static bool operator !=(NodeId left, NodeId right) => !left.Equals(right);

    public bool Equals(NodeId other)
    {
        if (NamespaceIndex != other.NamespaceIndex || IdType != other.IdType || Numeric != other.Numeric)
        {
            return false;
        }

        return IdType switch
        {
            NodeIdType.Numeric => true,
            NodeIdType.String => string.Equals((string?)Identifier, (string?)other.Identifier, StringComparison.Ordinal),
            NodeIdType.Guid => (Guid)Identifier! == (Guid)other.Identifier!,
            _ => ((byte[]?)Identifier).AsSpan().SequenceEqual((byte[]?)other.Identifier),
        };
    }

    public override bool Equals(object? obj) => obj is NodeId other && Equals(other);

    public override int GetHashCode()
    {
        if (IdType == NodeIdType.Numeric)
        {
            return HashCode.Combine(NamespaceIndex, Numeric);
        }

        var hash = new HashCode();
        hash.Add(NamespaceIndex);
        if (Identifier is byte[] opaque)
        {
            hash.AddBytes(opaque);
        }
        else
        {
            hash.Add(Identifier);
        }

        return hash.ToHashCode();
    }

    /// <summary>The text form of OPC 10000-6, 5.3.1.10: <c>ns=2;s=Line1.Speed</c>, <c>i=84</c>, <c>g=…</c>, <c>b=…</c> (base64).</summary>
    public override string ToString()
    {
        var body = IdType switch
        {
            NodeIdType.Numeric => "i=" + Numeric.ToString(CultureInfo.InvariantCulture),
            NodeIdType.String => "s=" + (string?)Identifier,
            NodeIdType.Guid => "g=" + (Guid)Identifier!,
            _ => "b=" + Convert.ToBase64String((byte[]?)Identifier ?? []),
        };
        return NamespaceIndex == 0 ? body : string.Create(CultureInfo.InvariantCulture, $"ns={NamespaceIndex};{body}");
    }

    /// <summary>Parses the text form.</summary>
    /// <exception cref="FormatException">The text is no NodeId.</exception>
    public static NodeId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"'{text}' is no NodeId. Write it as 'ns=2;s=Name', 'ns=2;i=1234', 'ns=2;g=<guid>' or 'ns=2;b=<base64>'; leave out 'ns=' for namespace 0.");

    /// <summary>Parses the text form without throwing.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NodeId id)
    {
        id = default;
        if (text is null)
        {
            return false;
        }

        var rest = text.AsSpan();
        ushort ns = 0;
        if (rest.StartsWith("ns=", StringComparison.Ordinal))
        {
            var end = rest.IndexOf(';');
            if (end < 0 || !ushort.TryParse(rest[3..end], NumberStyles.None, CultureInfo.InvariantCulture, out ns))
            {
                return false;
            }

            rest = rest[(end + 1)..];
        }

        if (rest.Length < 2 || rest[1] != '=')
        {
            return false;
        }

        var body = rest[2..];
        switch (rest[0])
        {
            case 'i' when uint.TryParse(body, NumberStyles.None, CultureInfo.InvariantCulture, out var numeric):
                id = new NodeId(ns, numeric);
                return true;
            case 's':
                id = new NodeId(ns, body.ToString());
                return true;
            case 'g' when Guid.TryParseExact(body, "D", out var guid):
                id = new NodeId(ns, guid);
                return true;
            case 'b':
                var opaque = new byte[body.Length];
                if (!Convert.TryFromBase64Chars(body, opaque, out var written))
                {
                    return false;
                }

                id = new NodeId(ns, opaque[..written]);
                return true;
            default:
                return false;
        }
    }
}
