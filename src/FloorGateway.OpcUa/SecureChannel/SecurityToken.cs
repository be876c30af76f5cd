namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>
/// One security token: an id, its life, and the keys that go with it. Its life is measured by the time provider's timestamps, which
/// a clock that is set does not move.
/// </summary>
internal sealed class SecurityToken(uint id, TimeProvider time, TimeSpan lifetime, SymmetricCrypto sending, SymmetricCrypto receiving)
{
    private readonly long created = time.GetTimestamp();

    public uint Id { get; } = id;

    public TimeSpan Lifetime { get; } = lifetime;

    public SymmetricCrypto Sending { get; } = sending;

    public SymmetricCrypto Receiving { get; } = receiving;

    /// <summary>True when the client asks for the next one: at three quarters of the lifetime (Part 4, 5.5.2).</summary>
    public bool IsRenewalDue => time.GetElapsedTime(created) >= Lifetime * 0.75;

    /// <summary>True when messages with it are refused: a quarter after its lifetime (Part 4, 5.5.2).</summary>
    public bool IsExpired => time.GetElapsedTime(created) > Lifetime * 1.25;
}
