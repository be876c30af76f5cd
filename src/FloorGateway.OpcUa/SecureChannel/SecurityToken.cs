namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>One security token: an id, its life, and the keys that go with it.</summary>
internal sealed class SecurityToken(uint id, DateTimeOffset created, TimeSpan lifetime, SymmetricCrypto sending, SymmetricCrypto receiving)
{
    public uint Id { get; } = id;

    public TimeSpan Lifetime { get; } = lifetime;

    /// <summary>When the client asks for the next one: at three quarters of the lifetime (Part 4, 5.5.2).</summary>
    public DateTimeOffset RenewAt { get; } = created + (lifetime * 0.75);

    /// <summary>When messages with it are refused: a quarter after its lifetime (Part 4, 5.5.2).</summary>
    public DateTimeOffset ExpiresAt { get; } = created + (lifetime * 1.25);

    public SymmetricCrypto Sending { get; } = sending;

    public SymmetricCrypto Receiving { get; } = receiving;
}
