namespace FloorGateway.Mqtt.Broker;

/// <summary>Compares UTF-8 keys by their bytes, and looks them up by spans, so that a received topic needs no string.</summary>
internal sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static Utf8Comparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] key) => GetHashCode(key.AsSpan());

    public bool Equals(ReadOnlySpan<byte> span, byte[] key) => span.SequenceEqual(key);

    // HashCode is seeded at random for each process: topics come from clients, who must not be able to aim at one bucket.
    public int GetHashCode(ReadOnlySpan<byte> key)
    {
        var hash = default(HashCode);
        hash.AddBytes(key);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> span) => span.ToArray();
}
