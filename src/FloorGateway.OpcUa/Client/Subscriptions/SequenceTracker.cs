namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>What to do with a notification message that has arrived.</summary>
public enum SequenceVerdict
{
    /// <summary>It is the next one: deliver it.</summary>
    Deliver,

    /// <summary>It was delivered before: acknowledge it again and drop it.</summary>
    Duplicate,

    /// <summary>Messages before it are missing: ask for <see cref="SequenceTracker.Expected"/> up to it with Republish first.</summary>
    Missing,
}

/// <summary>The order of one subscription's notification messages. Pure; one owner.</summary>
public sealed class SequenceTracker
{
    /// <param name="lastDelivered">The last message delivered, or 0 at the start of a subscription.</param>
    public SequenceTracker(uint lastDelivered = 0) => LastDelivered = lastDelivered;

    /// <summary>0 before the first.</summary>
    public uint LastDelivered { get; private set; }

    public uint Expected => SequenceNumber.Next(LastDelivered);

    /// <summary>Judges a message with data.</summary>
    public SequenceVerdict OnMessage(uint sequence) => SequenceNumber.Distance(Expected, sequence) switch
    {
        0 => SequenceVerdict.Deliver,
        < 0 => SequenceVerdict.Duplicate,
        _ => SequenceVerdict.Missing,
    };

    /// <summary>Judges a keep-alive, which carries the number that the next message with data will have (OPC 10000-4, 5.14.1.1).</summary>
    /// <returns>True when messages before that number are missing.</returns>
    public bool OnKeepAlive(uint nextSequence) => SequenceNumber.Distance(Expected, nextSequence) > 0;

    /// <summary>Call once the message was delivered, or given up.</summary>
    public void Advance(uint sequence) => LastDelivered = sequence;
}
