namespace FloorGateway.Model.Values;

/// <summary>
/// A structured value. Where its type is known it holds <see cref="Fields"/>; where it is not, the encoded <see cref="Body"/> is kept with the
/// type's name, so that nothing is lost.
/// </summary>
public sealed class StructureValue
{
    /// <summary>Name or id of the type, e.g. <c>nsu=http://jsev.example/UA/DieCasting/;s=ShotCurve</c>.</summary>
    public required string TypeName { get; init; }

    /// <summary>Field names and values in declared order; empty where only the body is known.</summary>
    public IReadOnlyList<KeyValuePair<string, TagValue>> Fields { get; init; } = [];

    /// <summary>The encoded body where the type is unknown.</summary>
    public byte[]? Body { get; init; }
}
