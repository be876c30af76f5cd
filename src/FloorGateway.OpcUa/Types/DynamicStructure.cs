using FloorGateway.OpcUa.Encoding;

namespace FloorGateway.OpcUa.Types;

/// <summary>
/// A value of a structured data type that is known by its definition only: its fields by name. A nested structure is a Variant that holds
/// an extension object, whose Decoded is a generated class (namespace 0) or another of these.
/// </summary>
public sealed class DynamicStructure : IUaStructure
{
    private readonly Variant[] values;

    /// <summary>A value with every field at its type's default; optional fields are left out, a union is empty.</summary>
    /// <exception cref="ArgumentException">A value would hold a value of the same structure, without end.</exception>
    public DynamicStructure(StructureLayout layout)
        : this(layout, new Variant[(layout ?? throw new ArgumentNullException(nameof(layout))).Members.Count], 0)
    {
        if (layout.IsEndless())
        {
            throw new ArgumentException($"A value of {layout.Name} would hold a value of {layout.Name}, without end. Make the field an array or optional.", nameof(layout));
        }
    }

    internal DynamicStructure(StructureLayout layout, Variant[] values, int selected)
    {
        Layout = layout;
        this.values = values;
        Selected = selected;
    }

    public StructureLayout Layout { get; }

    /// <summary>0: use <see cref="ToExtensionObject"/>, whose id may lie in any namespace.</summary>
    public uint BinaryEncodingId => 0;

    /// <summary>The field a union holds; null when it is empty, and for other structures.</summary>
    public string? UnionField => Selected == 0 ? null : Layout.Members[Selected - 1].Name;

    /// <summary>A union's switch value: 1 is the first field, 0 none.</summary>
    internal int Selected { get; private set; }

    /// <summary>A field; the null Variant where an optional one is left out. Setting a union's field makes it the one the union holds.</summary>
    /// <exception cref="KeyNotFoundException">The structure has no such field.</exception>
    /// <exception cref="ArgumentException">The value's type or rank is not the field's.</exception>
    public Variant this[string name]
    {
        get => values[Position(name)];
        set
        {
            var index = Position(name);
            var wrong = StructureCodec.Check(Layout.Members[index], value);
            if (wrong is not null)
            {
                throw new ArgumentException($"Field '{name}' of {Layout.Name} is {wrong}; the value given is {(value.IsArray ? "an array of " : "")}{value.Type}.", nameof(value));
            }

            if (Layout.IsUnion)
            {
                Array.Clear(values);
                Selected = value.IsNull ? 0 : index + 1;
            }

            values[index] = value;
        }
    }

    /// <summary>The fields in order with their values.</summary>
    public IEnumerable<(StructureMember Member, Variant Value)> Fields => Layout.Members.Select((member, i) => (member, values[i]));

    internal ReadOnlySpan<Variant> Values => values;

    /// <summary>True when the structure has the field and it is not left out.</summary>
    public bool Has(string name) => Layout.IndexOf(name) is >= 0 and var index && (Layout.IsUnion ? Selected == index + 1 : !values[index].IsNull);

    /// <summary>The nested structure in a field, or null when it is something else.</summary>
    public DynamicStructure? Nested(string name) => (this[name].Boxed as ExtensionObject)?.Decoded as DynamicStructure;

    /// <summary>The name of an enumeration field's value; null when the value has none.</summary>
    public string? EnumName(string name) =>
        Layout.Members[Position(name)].EnumNames is { } names && this[name].TryGetInt64(out var value) ? names.GetValueOrDefault(value) : null;

    /// <summary>Wraps it for a Variant, with the id of its encoding.</summary>
    public ExtensionObject ToExtensionObject() => new(Layout.EncodingId, this);

    /// <summary>For writing and for method arguments.</summary>
    public Variant ToVariant() => Variant.From(ToExtensionObject());

    public void Encode(ref UaWriter w) => StructureCodec.Encode(ref w, this);

    /// <summary>Decodes the body of an extension object.</summary>
    /// <returns>Null when the body does not match the layout or goes beyond the limits.</returns>
    public static DynamicStructure? Decode(StructureLayout layout, ReadOnlySpan<byte> body, EncodingLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var reader = new UaReader(body, limits ?? EncodingLimits.Default);
        var decoded = StructureCodec.Decode(ref reader, layout);
        return reader.Failed || reader.Remaining != 0 ? null : decoded;
    }

    public override string ToString() => $"{Layout.Name} {{ {string.Join(", ", Fields.Where(f => !f.Value.IsNull).Select(f => $"{f.Member.Name} = {f.Value}"))} }}";

    internal void Replace(int index, in Variant value) => values[index] = value;

    private int Position(string name) =>
        Layout.IndexOf(name) is >= 0 and var index
            ? index
            : throw new KeyNotFoundException($"{Layout.Name} has no field '{name}'. It has: {string.Join(", ", Layout.Members.Select(m => m.Name))}.");
}
