using System.Text.Json;
using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Truth;

/// <summary>Running totals of one path, for quick comparison with what a database holds.</summary>
public sealed class PathTotals
{
    internal PathTotals(string path) => Path = path;

    /// <summary>ISA-95 path of the signal.</summary>
    public string Path { get; }

    /// <summary>Changes produced, the initial value included.</summary>
    public long Count { get; private set; }

    /// <summary>Changes produced with a status other than Good.</summary>
    public long NotGood { get; private set; }

    /// <summary>Changes whose source time does not lie behind the one before; only faults make them.</summary>
    public long NotIncreasing { get; private set; }

    /// <summary>Sum of the values in order of production: Boolean as 0 and 1, arrays by element; text and times add 0.</summary>
    public double Sum { get; private set; }

    /// <summary>Source time of the first change, UTC ticks.</summary>
    public long FirstTicks { get; private set; }

    /// <summary>Source time of the last change, UTC ticks.</summary>
    public long LastTicks { get; private set; }

    /// <summary>The last value.</summary>
    public SignalValue Last { get; private set; }

    internal void Add(in SignalValue value, uint status, long ticks)
    {
        if (Count == 0) FirstTicks = ticks;
        else if (ticks <= LastTicks) NotIncreasing++;
        Count++;
        if (status >> 30 != 0) NotGood++;
        Sum += value.Total;
        LastTicks = ticks;
        Last = value;
    }

    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("path", Path);
        json.WriteString("type", Last.Type.ToString());
        json.WriteNumber("count", Count);
        json.WriteNumber("notGood", NotGood);
        json.WriteNumber("notIncreasing", NotIncreasing);
        if (double.IsFinite(Sum)) json.WriteNumber("sum", Sum);
        else json.WriteString("sum", Sum.ToString());
        json.WriteString("first", new DateTime(FirstTicks, DateTimeKind.Utc).ToString("O"));
        json.WriteString("last", new DateTime(LastTicks, DateTimeKind.Utc).ToString("O"));
        json.WriteEndObject();
    }
}
