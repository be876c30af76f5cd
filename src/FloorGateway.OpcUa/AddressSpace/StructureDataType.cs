using System.Buffers;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>A structured data type of one's own, and the way to make values of it.</summary>
public sealed class StructureDataType
{
    private readonly DataTypeField[] fields;

    internal StructureDataType(DataTypeNode node)
    {
        Node = node;
        fields = [.. node.AllFields];
    }

    public DataTypeNode Node { get; }

    /// <summary>The id that stands before values on the wire.</summary>
    public NodeId EncodingId => Node.BinaryEncoding!.Id;

    /// <summary>Encodes a value from its fields in order (OPC 10000-6, 5.2.6). A null Variant leaves an optional field out.</summary>
    /// <exception cref="ArgumentException">Their count or types do not match the definition.</exception>
    public ExtensionObject Create(params ReadOnlySpan<Variant> values)
    {
        if (values.Length != fields.Length)
            throw new ArgumentException($"{Node.BrowseName.Name} has {fields.Length} fields ({string.Join(", ", fields.Select(f => f.Name))}), not {values.Length}.", nameof(values));

        var buffer = new ArrayBufferWriter<byte>();
        var writer = new UaWriter(buffer);
        if (fields.Any(f => f.IsOptional))
        {
            // OPC 10000-6, 5.2.7: one bit for each optional field, in their order.
            uint mask = 0;
            var bit = 0;
            for (var i = 0; i < fields.Length; i++)
            {
                if (!fields[i].IsOptional)
                    continue;
                mask |= values[i].IsNull ? 0 : 1u << bit;
                bit++;
            }

            writer.WriteUInt32(mask);
        }

        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].IsOptional && values[i].IsNull)
                continue;
            WriteField(ref writer, fields[i], values[i]);
        }

        writer.Flush();
        return new ExtensionObject(EncodingId, buffer.WrittenMemory);
    }

    /// <summary>A scalar value for <see cref="VariableNode.SetValue(in Variant, StatusCode, long)"/>.</summary>
    public Variant CreateValue(params ReadOnlySpan<Variant> values) => Variant.From(Create(values));

    private void WriteField(ref UaWriter writer, DataTypeField field, in Variant value)
    {
        var expected = Node.Space.BuiltInOf(field.DataType);
        var isArray = field.ValueRank >= 1;
        if ((expected != BuiltInType.Variant && value.Type != expected) || value.IsArray != isArray)
        {
            throw new ArgumentException(
                $"Field '{field.Name}' of {Node.BrowseName.Name} is {(isArray ? "an array of " : "")}{expected}; the value given is {(value.IsArray ? "an array of " : "")}{value.Type}.");
        }

        if (expected == BuiltInType.Variant)
        {
            writer.WriteVariant(value);
        }
        else if (expected == BuiltInType.ExtensionObject)
        {
            WriteStructures(ref writer, field, value, isArray);
        }
        else
        {
            // A field is the variant's body without the leading type byte.
            using var scratch = ScratchBuffer.Rent();
            var inner = new UaWriter(scratch);
            inner.WriteVariant(value);
            inner.Flush();
            writer.WriteRaw(scratch.Written[1..]);
        }
    }

    // A structure within a structure stands without its extension object's header, unless subtypes are allowed.
    private static void WriteStructures(ref UaWriter writer, DataTypeField field, in Variant value, bool isArray)
    {
        if (isArray)
        {
            var elements = (ExtensionObject?[]?)value.Boxed;
            writer.WriteInt32(elements?.Length ?? -1);
            foreach (var element in elements ?? [])
                WriteStructure(ref writer, field, element);
        }
        else
        {
            WriteStructure(ref writer, field, (ExtensionObject?)value.Boxed);
        }
    }

    private static void WriteStructure(ref UaWriter writer, DataTypeField field, ExtensionObject? value)
    {
        if (field.AllowSubtypes)
            writer.WriteExtensionObject(value);
        else if (value?.Decoded is { } decoded)
            decoded.Encode(ref writer);
        else
            writer.WriteRaw((value ?? throw new ArgumentException($"Field '{field.Name}' can't be null.")).Body.Span);
    }
}
