namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>
/// The sequence numbers of one direction of a channel (Part 6, 6.7.2.4): each chunk's is one more than the last; the count may
/// start again below 1024 once it has passed 4,294,966,271.
/// </summary>
public struct SequenceNumbers
{
    private const uint LastBeforeWrap = uint.MaxValue - 1024;
    private const uint FirstAfterWrapLimit = 1024;

    private uint last;
    private bool started;

    /// <summary>Continues after <paramref name="last"/>, as if that number had been sent or received.</summary>
    public static SequenceNumbers After(uint last) => new() { last = last, started = true };

    /// <summary>The number of the next chunk to send. The first is 1.</summary>
    public uint Next()
    {
        started = true;
        return last = last > LastBeforeWrap ? 1 : last + 1;
    }

    /// <summary>
    /// Accepts the number of a received chunk, or refuses it without any change: repeated, skipped or wrapped too early. A
    /// channel's first chunk may carry any number. Call it only after the chunk's signature was verified.
    /// </summary>
    public bool TryAccept(uint received)
    {
        if (started && received != unchecked(last + 1) && !(last > LastBeforeWrap && received < FirstAfterWrapLimit))
            return false;
        started = true;
        last = received;
        return true;
    }
}
