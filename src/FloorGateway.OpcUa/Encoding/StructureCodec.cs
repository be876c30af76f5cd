using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Encoding;

/// <summary>Encodes and decodes structures by their layout (OPC 10000-6, 5.2.6: structures, 5.2.7: optional fields, 5.2.8: unions).</summary>
internal static class StructureCodec
{
    public static void Encode(ref UaWriter writer, DynamicStructure value)
    {
        var layout = value.Layout;
        var values = value.Values;
        if (layout.IsUnion)
        {
            writer.WriteUInt32((uint)value.Selected);
            if (value.Selected != 0)
            {
                WriteField(ref writer, layout.Members[value.Selected - 1], values[value.Selected - 1]);
            }

            return;
        }

        if (layout.Kind == StructureType.StructureWithOptionalFields)
        {
            writer.WriteUInt32(MaskOf(layout, values));
        }

        for (var i = 0; i < values.Length; i++)
        {
            var member = layout.Members[i];
            if (!member.IsOptional || !values[i].IsNull)
            {
                WriteField(ref writer, member, values[i]);
            }
        }
    }

    public static DynamicStructure? Decode(ref UaReader reader, StructureLayout layout)
    {
        // Types may nest in themselves. A value takes memory for all its fields, also for those that take no byte on the wire.
        if (!reader.TakeElements(1 + layout.Members.Count) || !reader.Enter())
        {
            return null;
        }

        var values = new Variant[layout.Members.Count];
        var selected = 0;
        if (layout.IsUnion)
        {
            var field = reader.ReadUInt32();
            if (field > values.Length)
            {
                reader.Fail(StatusCodes.BadDecodingError);
            }
            else if (field != 0)
            {
                selected = (int)field;
                values[selected - 1] = ReadField(ref reader, layout.Members[selected - 1]);
            }
        }
        else
        {
            ReadFields(ref reader, layout, values);
        }

        reader.Leave();
        return reader.Failed ? null : new DynamicStructure(layout, values, selected);
    }

    /// <summary>What the field should be, in words, when the value is something else; null when it fits. The null Variant stands for the default.</summary>
    public static string? Check(StructureMember member, in Variant value)
    {
        if (value.IsNull)
        {
            return null;
        }

        var rank = value.IsMatrix ? value.ArrayDimensions.Length : value.IsArray ? 1 : -1;
        var expected = member.BuiltIn;
        var fitsType = expected == BuiltInType.Variant || value.Type == expected;
        return fitsType && (rank == member.ValueRank || expected == BuiltInType.Variant && member.ValueRank == -1 || member.ValueRank is -2 or -3 or 0)
            ? null
            : $"{(member.ValueRank > 1 ? $"a matrix of {member.ValueRank} dimensions of " : member.ValueRank == 1 ? "an array of " : "")}{expected}";
    }

    private static void ReadFields(ref UaReader reader, StructureLayout layout, Variant[] values)
    {
        uint mask = 0;
        if (layout.Kind == StructureType.StructureWithOptionalFields)
        {
            mask = reader.ReadUInt32();
            if (layout.OptionalCount < 32 && mask >> layout.OptionalCount != 0)
            {
                reader.Fail(StatusCodes.BadDecodingError);
                return;
            }
        }

        var bit = 0;
        for (var i = 0; i < values.Length && !reader.Failed; i++)
        {
            var member = layout.Members[i];
            if (member.IsOptional && layout.OptionalCount != 0 && (mask & (1u << bit++)) == 0)
            {
                continue;
            }

            values[i] = ReadField(ref reader, member);
        }
    }

    private static uint MaskOf(StructureLayout layout, ReadOnlySpan<Variant> values)
    {
        uint mask = 0;
        var bit = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (layout.Members[i].IsOptional)
            {
                mask |= values[i].IsNull ? 0 : 1u << bit;
                bit++;
            }
        }

        return mask;
    }

    private static Variant ReadField(ref UaReader reader, StructureMember member)
    {
        var type = member.WireType;
        if (member.ValueRank > 1)
        {
            return ReadMatrix(ref reader, member, type);
        }

        if (member.ValueRank == 1)
        {
            return member.IsInline && member.Structure is { } layout
                ? Variant.From(ReadStructures(ref reader, layout))
                : new Variant(type, 0, reader.ReadElements(type), isArray: true);
        }

        if (member.IsInline && member.Structure is { } nested)
        {
            return Variant.From(ReadStructure(ref reader, nested));
        }

        return type == BuiltInType.Variant ? reader.ReadVariant() : reader.ReadScalar(type);
    }

    // OPC 10000-6, 5.2.5: the dimensions as an array of Int32, then all values without a length of their own.
    private static Variant ReadMatrix(ref UaReader reader, StructureMember member, BuiltInType type)
    {
        var dimensions = reader.ReadInt32Array();
        long count = 1;
        foreach (var length in dimensions)
        {
            count = length <= 0 ? 0 : Math.Min(count * length, int.MaxValue);
        }

        if (reader.Failed || dimensions.Length != member.ValueRank || count > reader.Limits.MaxArrayLength || count > reader.Remaining)
        {
            reader.Fail(StatusCodes.BadDecodingError);
            return default;
        }

        if (!reader.TakeElements((int)count))
        {
            return default;
        }

        var elements = Array.CreateInstance(Variant.ElementType(type)!, (int)count);
        for (var i = 0; i < count && !reader.Failed; i++)
        {
            elements.SetValue(ReadElement(ref reader, member, type), i);
        }

        return reader.Failed || count == 0 ? new Variant(type, 0, elements, isArray: true) : Variant.FromMatrix(type, elements, dimensions);
    }

    private static object? ReadElement(ref UaReader reader, StructureMember member, BuiltInType type) =>
        member.IsInline && member.Structure is { } layout ? ReadStructure(ref reader, layout)
        : type == BuiltInType.Variant ? reader.ReadVariant()
        : reader.ReadScalar(type).Boxed;

    private static ExtensionObject?[] ReadStructures(ref UaReader reader, StructureLayout layout)
    {
        var length = reader.ReadArrayLength(1);
        var found = new List<ExtensionObject?>(Math.Min(Math.Max(length, 0), 256));
        for (var i = 0; i < length && !reader.Failed; i++)
        {
            found.Add(ReadStructure(ref reader, layout));
        }

        return [.. found];
    }

    private static ExtensionObject? ReadStructure(ref UaReader reader, StructureLayout layout)
    {
        if (layout.Known is { } known)
        {
            return new ExtensionObject(known(ref reader));
        }

        return Decode(ref reader, layout)?.ToExtensionObject();
    }

    private static void WriteField(ref UaWriter writer, StructureMember member, in Variant value)
    {
        var type = member.WireType;
        if (member.ValueRank > 1)
        {
            WriteMatrix(ref writer, member, value);
        }
        else if (member.ValueRank == 1)
        {
            if (member.IsInline && member.Structure is { } layout)
            {
                WriteStructures(ref writer, layout, value.Elements);
            }
            else
            {
                writer.WriteElements(type, value.Elements);
            }
        }
        else if (member.IsInline && member.Structure is { } nested)
        {
            WriteStructure(ref writer, nested, value.Boxed as ExtensionObject);
        }
        else if (type == BuiltInType.Variant)
        {
            writer.WriteVariant(value);
        }
        else
        {
            writer.WriteScalar(value.IsNull ? Default(type) : value);
        }
    }

    private static void WriteMatrix(ref UaWriter writer, StructureMember member, in Variant value)
    {
        var elements = value.Elements;
        writer.WriteInt32Array(value.IsMatrix ? value.ArrayDimensions : new int[member.ValueRank]);
        if (elements is null)
        {
            return;
        }

        // An array without the length in front.
        using var scratch = ScratchBuffer.Rent();
        var inner = new UaWriter(scratch);
        if (member.IsInline && member.Structure is { } layout)
        {
            WriteStructures(ref inner, layout, elements);
        }
        else
        {
            inner.WriteElements(member.WireType, elements);
        }

        inner.Flush();
        writer.WriteRaw(scratch.Written[sizeof(int)..]);
    }

    private static void WriteStructures(ref UaWriter writer, StructureLayout layout, Array? elements)
    {
        writer.WriteInt32(elements?.Length ?? -1);
        for (var i = 0; elements is not null && i < elements.Length; i++)
        {
            WriteStructure(ref writer, layout, elements.GetValue(i) as ExtensionObject);
        }
    }

    // A structure within a structure stands without an extension object's header. A missing one has its fields at their defaults.
    private static void WriteStructure(ref UaWriter writer, StructureLayout layout, ExtensionObject? value)
    {
        if (value?.Decoded is { } decoded)
        {
            decoded.Encode(ref writer);
        }
        else if (value is not null)
        {
            writer.WriteRaw(value.Body.Span);
        }
        else
        {
            Encode(ref writer, new DynamicStructure(layout));
        }
    }

    private static Variant Default(BuiltInType type) => type switch
    {
        BuiltInType.Guid => Variant.From(Guid.Empty),
        BuiltInType.NodeId => Variant.From(NodeId.Null),
        BuiltInType.ExpandedNodeId => Variant.From(ExpandedNodeId.Null),
        BuiltInType.QualifiedName => Variant.From(default(QualifiedName)),
        BuiltInType.LocalizedText => Variant.From(default(LocalizedText)),
        BuiltInType.DataValue => Variant.From(default(DataValue)),
        _ => new Variant(type, 0, null, isArray: false),
    };
}
