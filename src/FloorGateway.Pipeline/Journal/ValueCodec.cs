using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Journal;

/// <summary>Values that don't fit eight bytes: strings, bytes, arrays, structures. Reading checks lengths against what is left before it allocates.</summary>
internal static class ValueCodec
{
    // Deeper nesting than any companion specification has; the limit keeps a damaged block from eating the stack.
    private const int MaxDepth = 64;

    // Of an array whose other dimension is 0: it takes no memory, so this only has to be beyond all that equipment sends.
    private const int MaxEmptyRows = 1 << 20;

    private static readonly UTF8Encoding Utf8 = new(false, false);

    public static void WriteString(GrowingBuffer to, string text)
    {
        var most = Utf8.GetMaxByteCount(text.Length);
        if (most <= 512)
        {
            Span<byte> bytes = stackalloc byte[most];
            var length = Utf8.GetBytes(text, bytes);
            to.WriteVarint((ulong)length);
            to.Write(bytes[..length]);
            return;
        }

        var exact = Utf8.GetByteCount(text);
        to.WriteVarint((ulong)exact);
        Utf8.GetBytes(text, to.Reserve(exact));
    }

    public static string ReadString(ReadOnlySpan<byte> from, ref int at) => Utf8.GetString(ReadBytes(from, ref at));

    public static void WriteBytes(GrowingBuffer to, ReadOnlySpan<byte> bytes)
    {
        to.WriteVarint((ulong)bytes.Length);
        to.Write(bytes);
    }

    public static ReadOnlySpan<byte> ReadBytes(ReadOnlySpan<byte> from, scoped ref int at)
    {
        var length = ReadCount(from, ref at, 1);
        var bytes = from.Slice(at, length);
        at += length;
        return bytes;
    }

    /// <summary>Any value with its kind before it: fields of structures.</summary>
    public static void WriteValue(GrowingBuffer to, in TagValue value, int depth = 0)
    {
        to.WriteByte((byte)value.Kind);
        switch (value.Kind)
        {
            case ValueKind.Null:
                break;
            case ValueKind.String:
                WriteString(to, value.AsString()!);
                break;
            case ValueKind.Bytes:
                WriteBytes(to, (byte[])value.Reference!);
                break;
            case ValueKind.Array:
                WriteArray(to, value.AsArray()!, depth);
                break;
            case ValueKind.Structure:
                WriteStructure(to, value.AsStructure()!, depth);
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(to.Reserve(8), value.Bits);
                break;
        }
    }

    public static TagValue ReadValue(ReadOnlySpan<byte> from, ref int at, int depth = 0)
    {
        var kind = (ValueKind)from[at++];
        switch (kind)
        {
            case ValueKind.Null:
                return default;
            case ValueKind.String:
                return TagValue.From(ReadString(from, ref at));
            case ValueKind.Bytes:
                return TagValue.From(ReadBytes(from, ref at).ToArray());
            case ValueKind.Array:
                return TagValue.From(ReadArray(from, ref at, depth));
            case ValueKind.Structure:
                return TagValue.From(ReadStructure(from, ref at, depth));
            case <= ValueKind.DateTime:
                var bits = BinaryPrimitives.ReadInt64LittleEndian(from[at..]);
                at += 8;
                return TagValue.FromBits(kind, bits);
            default:
                throw new InvalidDataException($"value kind {(byte)kind} is unknown");
        }
    }

    public static void WriteStructure(GrowingBuffer to, StructureValue structure, int depth = 0)
    {
        CheckDepth(depth);
        WriteString(to, structure.TypeName);
        to.WriteByte(structure.Body is null ? (byte)0 : (byte)1);
        if (structure.Body is not null)
            WriteBytes(to, structure.Body);
        to.WriteVarint((ulong)structure.Fields.Count);
        foreach (var (name, value) in structure.Fields)
        {
            WriteString(to, name);
            WriteValue(to, value, depth + 1);
        }
    }

    public static StructureValue ReadStructure(ReadOnlySpan<byte> from, ref int at, int depth = 0)
    {
        CheckDepth(depth);
        var type = ReadString(from, ref at);
        var body = from[at++] == 0 ? null : ReadBytes(from, ref at).ToArray();
        var fields = new KeyValuePair<string, TagValue>[ReadCount(from, ref at, 2)];
        for (var i = 0; i < fields.Length; i++)
        {
            var name = ReadString(from, ref at);
            fields[i] = new(name, ReadValue(from, ref at, depth + 1));
        }

        return new StructureValue { TypeName = type, Body = body, Fields = fields };
    }

    public static void WriteArray(GrowingBuffer to, Array array, int depth = 0)
    {
        CheckDepth(depth);
        var element = KindOf(array);
        to.WriteByte((byte)element);
        to.WriteByte((byte)array.Rank);
        for (var i = 0; i < array.Rank; i++)
            to.WriteVarint((ulong)array.GetLength(i));
        if (SizeOf(element) is var size and > 0)
        {
            // Fixed-size elements go as they lie in memory; every platform that .NET 10 runs on is little endian.
            to.Write(MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), array.Length * size));
            return;
        }

        foreach (var item in array)
        {
            switch (item)
            {
                case DateTime time:
                    BinaryPrimitives.WriteInt64LittleEndian(to.Reserve(8), time.Ticks);
                    break;
                case string text:
                    to.WriteByte(1);
                    WriteString(to, text);
                    break;
                case byte[] bytes:
                    to.WriteByte(1);
                    WriteBytes(to, bytes);
                    break;
                case StructureValue structure:
                    to.WriteByte(1);
                    WriteStructure(to, structure, depth + 1);
                    break;
                default:
                    to.WriteByte(0);
                    break;
            }
        }
    }

    public static Array ReadArray(ReadOnlySpan<byte> from, ref int at, int depth = 0)
    {
        CheckDepth(depth);
        var element = (ValueKind)from[at++];
        int rank = from[at++];
        if (rank is 0 or > 32)
            throw new InvalidDataException($"an array of {rank} dimensions");
        var lengths = new int[rank];
        long total = 1;
        for (var i = 0; i < rank; i++)
        {
            lengths[i] = (int)Math.Min(Varint.Read(from, ref at), int.MaxValue);
            // An array without elements may have rows all the same; a thousand million of them are damage.
            if (lengths[i] > Math.Max(from.Length, MaxEmptyRows))
                throw new InvalidDataException("an array has an impossible dimension");
            total = Math.Min(total * lengths[i], int.MaxValue);
        }

        var size = element == ValueKind.DateTime ? 8 : SizeOf(element);
        if (total * Math.Max(size, 1) > from.Length - at)
            throw new InvalidDataException("an array is longer than its block");
        var array = Array.CreateInstance(TypeOf(element), lengths);
        if (size > 0 && element != ValueKind.DateTime)
        {
            var bytes = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), array.Length * size);
            from.Slice(at, bytes.Length).CopyTo(bytes);
            at += bytes.Length;
            return array;
        }

        var index = new int[rank];
        for (var i = 0; i < array.Length; i++)
        {
            array.SetValue(ReadElement(from, ref at, element, depth), index);
            for (var d = rank - 1; d >= 0 && ++index[d] == lengths[d]; d--)
                index[d] = 0;
        }

        return array;
    }

    /// <summary>A count checked against the bytes left, so that damage can't ask for memory.</summary>
    public static int ReadCount(ReadOnlySpan<byte> from, ref int at, int bytesEach)
    {
        var count = Varint.Read(from, ref at);
        return count <= (ulong)((from.Length - at) / bytesEach) ? (int)count : throw new InvalidDataException("a length reaches beyond its block");
    }

    private static object? ReadElement(ReadOnlySpan<byte> from, ref int at, ValueKind element, int depth)
    {
        if (element == ValueKind.DateTime)
        {
            var ticks = BinaryPrimitives.ReadInt64LittleEndian(from[at..]);
            at += 8;
            return new DateTime(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
        }

        if (from[at++] == 0)
            return null;
        return element switch
        {
            ValueKind.String => ReadString(from, ref at),
            ValueKind.Bytes => ReadBytes(from, ref at).ToArray(),
            _ => ReadStructure(from, ref at, depth + 1),
        };
    }

    private static void CheckDepth(int depth)
    {
        if (depth > MaxDepth)
            throw new InvalidDataException($"a structure is nested deeper than {MaxDepth}");
    }

    private static ValueKind KindOf(Array array)
    {
        // By exact type: the runtime's pattern matching takes long[] for ulong[].
        var type = array.GetType().GetElementType();
        for (var kind = ValueKind.Boolean; kind <= ValueKind.Structure; kind++)
        {
            if (kind != ValueKind.Array && TypeOf(kind) == type)
                return kind;
        }

        throw new NotSupportedException($"a tag's value can't be an array of {type}; see ValueKind.Array for what it can be");
    }

    private static Type TypeOf(ValueKind element) => element switch
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
        _ => throw new InvalidDataException($"array element kind {(byte)element} is unknown"),
    };

    private static int SizeOf(ValueKind element) => element switch
    {
        ValueKind.Boolean => Unsafe.SizeOf<bool>(),
        ValueKind.Single => sizeof(float),
        ValueKind.Int64 or ValueKind.UInt64 or ValueKind.Double => 8,
        _ => 0,
    };
}
