using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Encoding;

/// <summary>
/// Reads the binary encoding (OPC 10000-6, 5.2) from one contiguous span. The error is sticky: after the first failure
/// <see cref="Error"/> is set, nothing remains, and every later read returns its default. Decoders therefore need no checks
/// between fields; whoever starts the decoding looks at <see cref="Failed"/> at the end. Nothing here throws on bad input.
/// </summary>
public ref partial struct UaReader
{
    /// <summary>
    /// Elements allocated before the first was read; then the array grows with what was really there. Arrays nest, and each level
    /// can declare as many elements as there are bytes behind it.
    /// </summary>
    private const int FirstElements = 256;

    private readonly ReadOnlySpan<byte> _data;
    private readonly EncodingLimits _limits;
    private int _position;
    private int _depth;
    private int _failedAt;
    private int _elements;
    private uint _error;

    public UaReader(ReadOnlySpan<byte> data, EncodingLimits limits)
    {
        _data = data;
        _limits = limits;
    }

    public UaReader(ReadOnlySpan<byte> data)
        : this(data, EncodingLimits.Default)
    {
    }

    /// <summary>Good, or the first failure: BadDecodingError or BadEncodingLimitsExceeded.</summary>
    public readonly StatusCode Error => new(_error);

    public readonly bool Failed => _error != 0;

    /// <summary>Bytes consumed; after a failure, where it happened.</summary>
    public readonly int Position => _error == 0 ? _position : _failedAt;

    public readonly int Remaining => _data.Length - _position;

    public readonly EncodingLimits Limits => _limits;

    /// <summary>Puts the reader into its failed state. The first call counts.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Fail(uint status)
    {
        if (_error == 0)
        {
            _error = status;
            _failedAt = _position;
            _position = _data.Length;
        }
    }

    /// <summary>The next <paramref name="length"/> bytes; empty and failed when fewer remain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadBytes(int length)
    {
        if ((uint)length > (uint)(_data.Length - _position))
        {
            Fail(StatusCodes.BadDecodingError);
            return default;
        }

        var span = _data.Slice(_position, length);
        _position += length;
        return span;
    }

    public void Skip(int length) => ReadBytes(length);

    /// <summary>Any non-zero byte is true (5.2.2.1).</summary>
    public bool ReadBoolean() => ReadByte() != 0;

    public sbyte ReadSByte() => (sbyte)ReadByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadByte()
    {
        var position = _position;
        if ((uint)position < (uint)_data.Length)
        {
            _position = position + 1;
            return _data[position];
        }

        Fail(StatusCodes.BadDecodingError);
        return 0;
    }

    public short ReadInt16() => BinaryPrimitives.TryReadInt16LittleEndian(ReadBytes(2), out var value) ? value : (short)0;

    public ushort ReadUInt16() => BinaryPrimitives.TryReadUInt16LittleEndian(ReadBytes(2), out var value) ? value : (ushort)0;

    public int ReadInt32() => BinaryPrimitives.TryReadInt32LittleEndian(ReadBytes(4), out var value) ? value : 0;

    public uint ReadUInt32() => BinaryPrimitives.TryReadUInt32LittleEndian(ReadBytes(4), out var value) ? value : 0;

    public long ReadInt64() => BinaryPrimitives.TryReadInt64LittleEndian(ReadBytes(8), out var value) ? value : 0;

    public ulong ReadUInt64() => BinaryPrimitives.TryReadUInt64LittleEndian(ReadBytes(8), out var value) ? value : 0;

    public float ReadFloat() => BinaryPrimitives.TryReadSingleLittleEndian(ReadBytes(4), out var value) ? value : 0;

    public double ReadDouble() => BinaryPrimitives.TryReadDoubleLittleEndian(ReadBytes(8), out var value) ? value : 0;

    /// <summary>UTC .NET ticks; 0 = absent.</summary>
    public long ReadDateTimeTicks() => UaDateTime.ToTicks(ReadInt64());

    public DateTime ReadDateTime() => UaDateTime.FromTicks(ReadDateTimeTicks());

    public Guid ReadGuid()
    {
        var bytes = ReadBytes(16);
        return bytes.Length == 16 ? new Guid(bytes) : default;
    }

    public StatusCode ReadStatusCode() => new(ReadUInt32());

    public string? ReadString()
    {
        if (_limits.TextFallback is not { } fallback)
        {
            return ReadUtf8(out var utf8) ? System.Text.Encoding.UTF8.GetString(utf8) : null;
        }

        return ReadLengthPrefixed(_limits.MaxStringLength, out var bytes) ? (Utf8.IsValid(bytes) ? System.Text.Encoding.UTF8 : fallback).GetString(bytes) : null;
    }

    /// <summary>The bytes of a string, checked to be UTF-8, without copying. Valid as long as the data is.</summary>
    /// <returns>False for a null string and on failure.</returns>
    public bool ReadUtf8(out ReadOnlySpan<byte> utf8)
    {
        if (!ReadLengthPrefixed(_limits.MaxStringLength, out utf8))
        {
            return false;
        }

        if (!Utf8.IsValid(utf8))
        {
            _position -= utf8.Length;
            Fail(StatusCodes.BadDecodingError);
            utf8 = default;
            return false;
        }

        return true;
    }

    public byte[]? ReadByteString() => ReadByteString(out var bytes) ? bytes.ToArray() : null;

    /// <summary>The bytes of a byte string without copying. Valid as long as the data is.</summary>
    /// <returns>False for a null byte string and on failure.</returns>
    public bool ReadByteString(out ReadOnlySpan<byte> bytes) => ReadLengthPrefixed(_limits.MaxByteStringLength, out bytes);

    /// <summary>An XmlElement's text (5.2.2.8).</summary>
    public string? ReadXmlElement() => ReadString();

    /// <summary>
    /// The length of an array, after checking it against the limit and against the bytes that remain; -1 for a null array,
    /// 0 after a failure.
    /// </summary>
    /// <param name="minElementSize">The fewest bytes one element takes, 1 or more.</param>
    public int ReadArrayLength(int minElementSize)
    {
        var length = ReadPlainLength(minElementSize);
        if (length > 0 && (_elements += length) > _limits.MaxElements)
        {
            Fail(StatusCodes.BadEncodingLimitsExceeded);
            return 0;
        }

        return length;
    }

    /// <summary>Counts elements whose number was told otherwise than by an array's length; fails beyond the limit.</summary>
    internal bool TakeElements(int count)
    {
        if ((_elements += count) > _limits.MaxElements)
        {
            Fail(StatusCodes.BadEncodingLimitsExceeded);
        }

        return _error == 0;
    }

    private int ReadPlainLength(int minElementSize)
    {
        var length = ReadInt32();
        if (length <= 0)
        {
            return _error != 0 || length == 0 ? 0 : -1;
        }

        if (length > _limits.MaxArrayLength)
        {
            Fail(StatusCodes.BadEncodingLimitsExceeded);
            return 0;
        }

        if ((long)length * minElementSize > Remaining)
        {
            Fail(StatusCodes.BadDecodingError);
            return 0;
        }

        return length;
    }

    /// <summary>An array of structures; a null array becomes an empty one.</summary>
    public T[] ReadStructures<T>(int minElementSize)
        where T : IUaStructure<T>
    {
        var length = ReadArrayLength(minElementSize);
        if (length <= 0)
        {
            return [];
        }

        var array = new T[Math.Min(length, FirstElements)];
        for (var i = 0; i < length; i++)
        {
            if (i == array.Length)
            {
                Array.Resize(ref array, (int)Math.Min(length, 2L * i));
            }

            array[i] = T.Decode(ref this);
            if (_error != 0)
            {
                return [];
            }
        }

        return array;
    }

    internal bool Enter()
    {
        if (_depth >= _limits.MaxNestingDepth)
        {
            Fail(StatusCodes.BadEncodingLimitsExceeded);
            return false;
        }

        _depth++;
        return true;
    }

    internal void Leave() => _depth--;

    /// <summary>An array of fixed-size numbers, copied in one go; null for a null array.</summary>
    internal T[]? ReadNumbers<T>()
        where T : unmanaged
    {
        var length = ReadPlainLength(Unsafe.SizeOf<T>());
        if (length <= 0)
        {
            return length < 0 ? null : [];
        }

        var array = new T[length];
        var bytes = MemoryMarshal.AsBytes(array.AsSpan());
        ReadBytes(bytes.Length).CopyTo(bytes);
        if (!BitConverter.IsLittleEndian)
        {
            for (var i = 0; i < bytes.Length; i += Unsafe.SizeOf<T>())
            {
                bytes.Slice(i, Unsafe.SizeOf<T>()).Reverse();
            }
        }

        return array;
    }

    private bool ReadLengthPrefixed(int limit, out ReadOnlySpan<byte> bytes)
    {
        var length = ReadInt32();
        if (length < 0 || _error != 0)
        {
            bytes = default;
            return false;
        }

        if (length > limit)
        {
            Fail(StatusCodes.BadEncodingLimitsExceeded);
            bytes = default;
            return false;
        }

        bytes = ReadBytes(length);
        return _error == 0;
    }
}
