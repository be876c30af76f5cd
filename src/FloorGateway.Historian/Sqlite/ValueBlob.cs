using System.Runtime.InteropServices;
using System.Text;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Sqlite;

/// <summary>
/// Arrays and structures as bytes, little-endian: a value is its kind (1 byte) and then, by kind, its bits (8), a length and bytes, an array (element
/// kind, rank, lengths, elements row by row) or a structure (type name, members as name and value, body). Lengths are 7-bit integers.
/// </summary>
internal static class ValueBlob
{
    private const int MaxDepth = 32;

    public static byte[] Encode(in TagValue value)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8))
            Write(writer, in value);
        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Encode"/> writes.</exception>
    public static TagValue Decode(ReadOnlySpan<byte> blob)
    {
        using var reader = new BinaryReader(new MemoryStream(blob.ToArray()), Encoding.UTF8);
        try
        {
            return Read(reader, 0);
        }
        catch (Exception trouble) when (trouble is EndOfStreamException or ArgumentException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"a stored value of {blob.Length} bytes is damaged: {trouble.Message}", trouble);
        }
    }

    private static void Write(BinaryWriter writer, in TagValue value)
    {
        writer.Write((byte)value.Kind);
        switch (value.Kind)
        {
            case ValueKind.Null:
                break;
            case ValueKind.String:
                writer.Write(value.AsString()!);
                break;
            case ValueKind.Bytes:
                WriteBytes(writer, (byte[])value.Reference!);
                break;
            case ValueKind.Array:
                WriteArray(writer, value.AsArray()!);
                break;
            case ValueKind.Structure:
                WriteStructure(writer, value.AsStructure()!);
                break;
            default:
                writer.Write(value.Bits);
                break;
        }
    }

    private static TagValue Read(BinaryReader reader, int depth)
    {
        if (depth > MaxDepth)
            throw new InvalidDataException($"a stored value is nested deeper than {MaxDepth}");
        var kind = (ValueKind)reader.ReadByte();
        return kind switch
        {
            ValueKind.Null => TagValue.Null,
            ValueKind.String => TagValue.From(reader.ReadString()),
            ValueKind.Bytes => TagValue.From(ReadBytes(reader)),
            ValueKind.Array => TagValue.From(ReadArray(reader, depth)),
            ValueKind.Structure => TagValue.From(ReadStructure(reader, depth)),
            _ => TagValue.FromBits(kind, reader.ReadInt64()),
        };
    }

    private static void WriteArray(BinaryWriter writer, Array array)
    {
        var kind = KindOf(array.GetType().GetElementType()!);
        writer.Write((byte)kind);
        writer.Write((byte)array.Rank);
        for (var d = 0; d < array.Rank; d++)
            writer.Write7BitEncodedInt(array.GetLength(d));
        switch (array)
        {
            case double[] values:
                writer.Write(MemoryMarshal.AsBytes<double>(values));
                break;
            case float[] values:
                writer.Write(MemoryMarshal.AsBytes<float>(values));
                break;
            case long[] values:
                writer.Write(MemoryMarshal.AsBytes<long>(values));
                break;
            default:
                foreach (var element in array)
                    WriteElement(writer, kind, element);
                break;
        }
    }

    private static void WriteElement(BinaryWriter writer, ValueKind kind, object? element)
    {
        switch (kind)
        {
            case ValueKind.Boolean:
                writer.Write((bool)element!);
                break;
            case ValueKind.Int64:
                writer.Write((long)element!);
                break;
            case ValueKind.UInt64:
                writer.Write((ulong)element!);
                break;
            case ValueKind.Single:
                writer.Write((float)element!);
                break;
            case ValueKind.Double:
                writer.Write((double)element!);
                break;
            case ValueKind.DateTime:
                writer.Write(((DateTime)element!).Ticks);
                break;
            default:
                Write(writer, element switch
                {
                    string text => TagValue.From(text),
                    byte[] bytes => TagValue.From(bytes),
                    StructureValue structure => TagValue.From(structure),
                    _ => TagValue.Null,
                });
                break;
        }
    }

    private static Array ReadArray(BinaryReader reader, int depth)
    {
        var kind = (ValueKind)reader.ReadByte();
        var lengths = new int[reader.ReadByte()];
        var total = 1L;
        for (var d = 0; d < lengths.Length; d++)
            total = checked(total * (lengths[d] = reader.Read7BitEncodedInt()));
        // Every element takes at least a byte: a damaged length is refused before memory is taken for it.
        if (lengths.Length == 0 || lengths.Any(length => length < 0) || total > reader.BaseStream.Length - reader.BaseStream.Position)
            throw new InvalidDataException("a stored array's lengths are damaged");
        var array = Array.CreateInstance(TypeOf(kind), lengths);
        switch (array)
        {
            case double[] values:
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes<double>(values.AsSpan()));
                return array;
            case float[] values:
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes<float>(values.AsSpan()));
                return array;
            case long[] values:
                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes<long>(values.AsSpan()));
                return array;
        }

        var index = new int[lengths.Length];
        for (var i = 0; i < total; i++)
        {
            var at = i;
            for (var d = lengths.Length - 1; d >= 0; d--)
                (at, index[d]) = Math.DivRem(at, lengths[d]);
            array.SetValue(ReadElement(reader, kind, depth), index);
        }

        return array;
    }

    private static object? ReadElement(BinaryReader reader, ValueKind kind, int depth) => kind switch
    {
        ValueKind.Boolean => reader.ReadBoolean(),
        ValueKind.Int64 => reader.ReadInt64(),
        ValueKind.UInt64 => reader.ReadUInt64(),
        ValueKind.Single => reader.ReadSingle(),
        ValueKind.Double => reader.ReadDouble(),
        ValueKind.DateTime => new DateTime(reader.ReadInt64(), DateTimeKind.Utc),
        _ => Read(reader, depth + 1).Reference,
    };

    private static void WriteStructure(BinaryWriter writer, StructureValue structure)
    {
        writer.Write(structure.TypeName);
        writer.Write7BitEncodedInt(structure.Fields.Count);
        foreach (var (name, value) in structure.Fields)
        {
            writer.Write(name);
            Write(writer, in value);
        }

        writer.Write(structure.Body is not null);
        if (structure.Body is not null)
            WriteBytes(writer, structure.Body);
    }

    private static StructureValue ReadStructure(BinaryReader reader, int depth)
    {
        var typeName = reader.ReadString();
        var count = reader.Read7BitEncodedInt();
        if (count < 0 || count > reader.BaseStream.Length - reader.BaseStream.Position)
            throw new InvalidDataException("a stored structure's member count is damaged");
        var fields = new KeyValuePair<string, TagValue>[count];
        for (var i = 0; i < count; i++)
            fields[i] = new(reader.ReadString(), Read(reader, depth + 1));
        return new() { TypeName = typeName, Fields = fields, Body = reader.ReadBoolean() ? ReadBytes(reader) : null };
    }

    private static void WriteBytes(BinaryWriter writer, byte[] bytes)
    {
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        if (length < 0 || length > reader.BaseStream.Length - reader.BaseStream.Position)
            throw new InvalidDataException("a stored value's length is damaged");
        return reader.ReadBytes(length);
    }

    private static ValueKind KindOf(Type element) => element switch
    {
        _ when element == typeof(bool) => ValueKind.Boolean,
        _ when element == typeof(long) => ValueKind.Int64,
        _ when element == typeof(ulong) => ValueKind.UInt64,
        _ when element == typeof(float) => ValueKind.Single,
        _ when element == typeof(double) => ValueKind.Double,
        _ when element == typeof(DateTime) => ValueKind.DateTime,
        _ when element == typeof(string) => ValueKind.String,
        _ when element == typeof(byte[]) => ValueKind.Bytes,
        _ when element == typeof(StructureValue) => ValueKind.Structure,
        _ => throw new ArgumentException($"a value's array can't hold {element.Name}", nameof(element)),
    };

    private static Type TypeOf(ValueKind kind) => kind switch
    {
        ValueKind.Boolean => typeof(bool),
        ValueKind.Int64 => typeof(long),
        ValueKind.UInt64 => typeof(ulong),
        ValueKind.Single => typeof(float),
        ValueKind.Double => typeof(double),
        ValueKind.DateTime => typeof(DateTime),
        ValueKind.String => typeof(string),
        ValueKind.Bytes => typeof(byte[]),
        ValueKind.Structure => typeof(StructureValue),
        _ => throw new InvalidDataException($"a stored array's element kind {kind} is damaged"),
    };
}
