using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;

namespace FloorGateway.Connectors.Uns;

/// <summary>
/// The JSON of one sample in the unified namespace:
/// <c>{"v":6.48,"q":"Good","t":"2027-03-15T00:00:00.1234567Z","u":"m/s","o":"live"}</c>. Where the quality is not good, <c>"s"</c> follows <c>"q"</c> with
/// the OPC UA status code as a number. <c>v</c> is null where there is no value; <c>u</c> is left out for dimensionless tags.
/// </summary>
public static class UnsPayload
{
    /// <summary>Bytes that a scalar's payload needs at most beside its unit.</summary>
    public const int MaxScalarLength = 160;

    /// <summary>The part between time and origin, made once per tag.</summary>
    public static byte[] UnitPart(string? unitSymbol) => unitSymbol is null
        ? "\",\"o\":\""u8.ToArray()
        : [.. "\",\"u\":"u8, .. JsonSerializer.SerializeToUtf8Bytes(unitSymbol, Relaxed), .. ",\"o\":\""u8];

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions RelaxedWriter = new() { Encoder = Relaxed.Encoder };

    /// <summary>Writes one sample.</summary>
    /// <param name="output">Where to; asked for once with room enough for scalars.</param>
    /// <param name="sample">Normalised sample.</param>
    /// <param name="unitPart">From <see cref="UnitPart"/>.</param>
    public static void Write(IBufferWriter<byte> output, in Sample sample, ReadOnlySpan<byte> unitPart)
    {
        if (sample.Value.Kind < ValueKind.String)
        {
            var span = output.GetSpan(MaxScalarLength + unitPart.Length);
            output.Advance(WriteScalar(span, sample, unitPart));
            return;
        }

        output.Write("{\"v\":"u8);
        using (var json = new Utf8JsonWriter(output, RelaxedWriter))
            TagValueJson.Write(json, sample.Value, nonFiniteAsNull: true);
        var rest = output.GetSpan(MaxScalarLength + unitPart.Length);
        output.Advance(WriteAfterValue(rest, 0, sample, unitPart));
    }

    /// <summary>Writes a sample whose value is not a string, bytes, array or structure.</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteScalar(Span<byte> destination, in Sample sample, ReadOnlySpan<byte> unitPart)
    {
        "{\"v\":"u8.CopyTo(destination);
        var at = 5;
        at += WriteNumber(destination[at..], sample.Value);
        return WriteAfterValue(destination, at, sample, unitPart);
    }

    private static int WriteNumber(Span<byte> destination, in TagValue value)
    {
        int written;
        switch (value.Kind)
        {
            case ValueKind.Double when double.IsFinite(value.AsDouble()):
                value.AsDouble().TryFormat(destination, out written);
                return written;
            case ValueKind.Single when float.IsFinite(value.AsSingle()):
                value.AsSingle().TryFormat(destination, out written);
                return written;
            case ValueKind.Int64:
                Utf8Formatter.TryFormat(value.Bits, destination, out written);
                return written;
            case ValueKind.UInt64:
                Utf8Formatter.TryFormat((ulong)value.Bits, destination, out written);
                return written;
            case ValueKind.Boolean:
                return Copy(value.AsBoolean() ? "true"u8 : "false"u8, destination);
            case ValueKind.DateTime:
                destination[0] = (byte)'"';
                value.AsDateTime().TryFormat(destination[1..], out written, "O");
                destination[written + 1] = (byte)'"';
                return written + 2;
            default:
                return Copy("null"u8, destination);
        }
    }

    private static int WriteAfterValue(Span<byte> destination, int at, in Sample sample, ReadOnlySpan<byte> unitPart)
    {
        if (sample.Status == StatusQuality.Good)
        {
            at += Copy(",\"q\":\"Good\",\"t\":\""u8, destination[at..]);
        }
        else
        {
            at += Copy(
                sample.Quality switch
                {
                    Quality.Good => ",\"q\":\"Good\",\"s\":"u8,
                    Quality.Uncertain => ",\"q\":\"Uncertain\",\"s\":"u8,
                    _ => ",\"q\":\"Bad\",\"s\":"u8,
                },
                destination[at..]);
            Utf8Formatter.TryFormat(sample.Status, destination[at..], out var digits);
            at += digits;
            at += Copy(",\"t\":\""u8, destination[at..]);
        }

        new DateTime(sample.SourceTime, DateTimeKind.Utc).TryFormat(destination[at..], out var time, "O");
        at += time;
        at += Copy(unitPart, destination[at..]);
        at += Copy(OriginName(sample.Origin), destination[at..]);
        at += Copy("\"}"u8, destination[at..]);
        return at;
    }

    private static ReadOnlySpan<byte> OriginName(SampleOrigin origin) => origin switch
    {
        SampleOrigin.Initial => "initial"u8,
        SampleOrigin.Heartbeat => "heartbeat"u8,
        SampleOrigin.Backfill => "backfill"u8,
        SampleOrigin.Replay => "replay"u8,
        _ => "live"u8,
    };

    private static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return from.Length;
    }
}
