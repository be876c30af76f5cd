namespace FloorGateway.Historian.Influx.LineProtocol;

/// <summary>Unit of the timestamps.</summary>
public enum TimePrecision
{
    Nanoseconds,
    Microseconds,
    Milliseconds,
    Seconds,
}

/// <summary>How arrays are written.</summary>
public enum ArrayFields
{
    /// <summary>One field an element: <c>Voltage[0]</c>, <c>Voltage[1]</c>; structures one field a member: <c>Result.Torque</c>.</summary>
    Elements,

    /// <summary>One string field with JSON.</summary>
    Json,
}

/// <summary>How unsigned integers are written.</summary>
public enum UnsignedFields
{
    /// <summary>As signed integers (<c>1i</c>): every server takes them. A value above 2^63 − 1 is left out and its quality says BadOutOfRange.</summary>
    Integer,

    /// <summary>As unsigned integers (<c>1u</c>): InfluxDB 2 and later.</summary>
    Unsigned,

    /// <summary>As floats; exact up to 2^53.</summary>
    Float,
}

/// <summary>How samples are written as line protocol.</summary>
public sealed record LineProtocolOptions
{
    public TimePrecision Precision { get; init; } = TimePrecision.Nanoseconds;

    public ArrayFields Arrays { get; init; } = ArrayFields.Elements;

    public UnsignedFields Unsigned { get; init; } = UnsignedFields.Integer;

    /// <summary>Arrays and structures with more elements than this are written as JSON: each field is a series of its own in the server. Room for a curve of 2 × 1,000 points.</summary>
    public int MaxElements { get; init; } = 2048;
}
