using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Encoding;

/// <summary>
/// Writes the binary encoding (OPC 10000-6, 5.2) to a buffer writer. Call <see cref="Flush"/> at the end: until then the last
/// bytes are not advanced in the buffer writer.
/// </summary>
public ref partial struct UaWriter
{
    private const int Chunk = 512;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _span;
    private int _position;
    private long _flushed;

    public UaWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    public readonly long BytesWritten => _flushed + _position;

    public void Flush()
    {
        if (_position > 0)
        {
            _output.Advance(_position);
            _flushed += _position;
        }

        _span = default;
        _position = 0;
    }

    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    public void WriteSByte(sbyte value) => WriteByte((byte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteByte(byte value)
    {
        if ((uint)_position >= (uint)_span.Length)
        {
            Grow(1);
        }

        _span[_position++] = value;
    }

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16LittleEndian(Take(2), value);

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    public void WriteFloat(float value) => BinaryPrimitives.WriteSingleLittleEndian(Take(4), value);

    public void WriteDouble(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);

    /// <summary>UTC .NET ticks; 0 = absent.</summary>
    public void WriteDateTimeTicks(long ticks) => WriteInt64(UaDateTime.ToWire(ticks));

    public void WriteDateTime(DateTime value) => WriteDateTimeTicks(UaDateTime.TicksOf(value));

    public void WriteGuid(Guid value) => value.TryWriteBytes(Take(16));

    public void WriteStatusCode(StatusCode value) => WriteUInt32(value.Value);

    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteInt32(-1);
            return;
        }

        var length = System.Text.Encoding.UTF8.GetByteCount(value);
        WriteInt32(length);
        System.Text.Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>A string that is already UTF-8.</summary>
    public void WriteUtf8(ReadOnlySpan<byte> utf8)
    {
        WriteInt32(utf8.Length);
        WriteRaw(utf8);
    }

    public void WriteByteString(byte[]? value)
    {
        if (value is null)
        {
            WriteInt32(-1);
            return;
        }

        WriteByteString(value.AsSpan());
    }

    public void WriteByteString(ReadOnlySpan<byte> value)
    {
        WriteInt32(value.Length);
        WriteRaw(value);
    }

    public void WriteXmlElement(string? value) => WriteString(value);

    /// <summary>Bytes as they are, without a length.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= _span.Length - _position)
        {
            bytes.CopyTo(_span[_position..]);
            _position += bytes.Length;
            return;
        }

        Flush();
        _output.Write(bytes);
        _flushed += bytes.Length;
    }

    /// <summary>An array of structures with its length.</summary>
    public void WriteStructures<T>(T[]? values)
        where T : IUaStructure
    {
        if (values is null)
        {
            WriteInt32(-1);
            return;
        }

        WriteInt32(values.Length);
        foreach (var value in values)
        {
            value.Encode(ref this);
        }
    }

    internal void WriteNumbers<T>(T[]? values)
        where T : unmanaged
    {
        if (values is null)
        {
            WriteInt32(-1);
            return;
        }

        WriteInt32(values.Length);
        if (BitConverter.IsLittleEndian)
        {
            WriteRaw(MemoryMarshal.AsBytes(values.AsSpan()));
            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            var target = Take(Unsafe.SizeOf<T>());
            MemoryMarshal.Write(target, in values[i]);
            target.Reverse();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Take(int length)
    {
        if (length > _span.Length - _position)
        {
            Grow(length);
        }

        var span = _span.Slice(_position, length);
        _position += length;
        return span;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int length)
    {
        Flush();
        _span = _output.GetSpan(Math.Max(length, Chunk));
    }
}
