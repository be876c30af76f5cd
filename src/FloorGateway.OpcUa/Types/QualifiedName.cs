using System.Globalization;

namespace FloorGateway.OpcUa.Types;

/// <summary>A name qualified by a namespace (OPC 10000-3, 8.3).</summary>
public readonly record struct QualifiedName(ushort NamespaceIndex, string? Name)
{
    public QualifiedName(string? name)
        : this(0, name)
    {
    }

    public bool IsNull => NamespaceIndex == 0 && string.IsNullOrEmpty(Name);

    /// <summary><c>2:Speed</c>, or <c>Speed</c> for namespace 0 (OPC 10000-6, 5.3.1.14).</summary>
    public override string ToString() =>
        NamespaceIndex == 0 ? Name ?? "" : string.Create(CultureInfo.InvariantCulture, $"{NamespaceIndex}:{Name}");

    /// <summary>Parses <c>2:Speed</c>; text without a leading number and colon is a name in namespace 0.</summary>
    public static QualifiedName Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && ushort.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var ns)
            ? new QualifiedName(ns, text[(colon + 1)..])
            : new QualifiedName(0, text);
    }
}
