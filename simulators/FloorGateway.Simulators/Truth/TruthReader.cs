using System.Globalization;
using System.Text.Json;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Profiles;

namespace FloorGateway.Simulators.Truth;

/// <summary>One line of a truth file: a change, or an event (then <see cref="Event"/> is not empty).</summary>
/// <param name="Number">Line number from 1.</param>
/// <param name="Text">The line as it stands.</param>
public sealed record TruthLine(long Number, string Text)
{
    /// <summary>run, begin or end; empty for a change.</summary>
    public string Event { get; init; } = "";

    /// <summary>ISA-95 path of the signal.</summary>
    public string Path { get; init; } = "";

    /// <summary>The value with its type.</summary>
    public SignalValue Value { get; init; }

    /// <summary>OPC UA status code.</summary>
    public uint Status { get; init; }

    /// <summary>Source time in UTC ticks; 0 for the line of the run.</summary>
    public long Ticks { get; init; }
}

/// <summary>What a truth file says of the run that it records.</summary>
/// <param name="Servers">The servers with their units, on any free ports.</param>
/// <param name="Scale">How fully the units are equipped.</param>
public sealed record TruthRun(IReadOnlyList<SimulatedServer> Servers, PlantScale Scale);

/// <summary>Reads truth files, line by line.</summary>
public static class TruthReader
{
    /// <summary>All lines in order.</summary>
    /// <param name="file">Path of the file.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="FormatException">A line is no truth; the message names it.</exception>
    public static IEnumerable<TruthLine> Read(string file)
    {
        var number = 0L;
        foreach (var text in File.ReadLines(file))
        {
            number++;
            yield return Parse(file, number, text);
        }
    }

    /// <summary>What was recorded, as the first line tells it; null when the file has no such line.</summary>
    public static TruthRun? Run(string file)
    {
        if (Read(file).FirstOrDefault() is not { Event: "run" } line) return null;
        using var json = JsonDocument.Parse(line.Text);
        var root = json.RootElement;
        return new(
            [
                .. root.GetProperty("servers").EnumerateArray().Select(s => new SimulatedServer
                {
                    Name = s.GetProperty("name").GetString()!,
                    Units = [.. s.GetProperty("units").EnumerateArray().Select(u => u.GetString()!)],
                }),
            ],
            new() { TraysPerRack = root.GetProperty("traysPerRack").GetInt32(), PlantSignals = root.GetProperty("plantSignals").GetBoolean() });
    }

    private static TruthLine Parse(string file, long number, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            var ticks = root.TryGetProperty("time", out var time) ? time.GetDateTime().ToUniversalTime().Ticks : 0;
            if (root.TryGetProperty("event", out var what)) return new(number, text) { Event = what.GetString()!, Ticks = ticks };
            return new(number, text)
            {
                Path = root.GetProperty("path").GetString()!,
                Value = Value(Enum.Parse<SignalType>(root.GetProperty("type").GetString()!), root.GetProperty("value")),
                Status = root.GetProperty("status").GetUInt32(),
                Ticks = ticks,
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new FormatException($"{file}:{number}: this is no line of a truth file ({error.Message.TrimEnd('.')}); a file that was cut off can be mended by removing its last line", error);
        }
    }

    private static SignalValue Value(SignalType type, JsonElement value) => type switch
    {
        SignalType.Boolean => SignalValue.From(value.GetBoolean()),
        SignalType.UInt16 => SignalValue.From(value.GetUInt16()),
        SignalType.Int32 => SignalValue.From(value.GetInt32()),
        SignalType.UInt32 => SignalValue.From(value.GetUInt32()),
        SignalType.Int64 => SignalValue.From(value.GetInt64()),
        SignalType.UInt64 => SignalValue.From(value.GetUInt64()),
        SignalType.Float => SignalValue.From(Float(value)),
        SignalType.Double => SignalValue.From(Double(value)),
        SignalType.String => SignalValue.From(value.GetString()!),
        SignalType.DateTime => SignalValue.From(value.GetDateTime().ToUniversalTime()),
        SignalType.FloatArray => SignalValue.From(value.EnumerateArray().Select(Float).ToArray()),
        SignalType.DoubleArray => SignalValue.From(value.EnumerateArray().Select(Double).ToArray()),
        SignalType.Int32Array => SignalValue.From(value.EnumerateArray().Select(v => v.GetInt32()).ToArray()),
        _ => SignalValue.From(value.EnumerateArray().Select(v => v.GetString()!).ToArray()),
    };

    // NaN and infinities stand as text.
    private static double Double(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetDouble();

    private static float Float(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? float.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetSingle();
}
