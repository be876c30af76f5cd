namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>Sequence numbers of notification messages: from 1 up, back to 1 after the largest, never 0 (OPC 10000-4, 5.14.5 and 7.26).</summary>
public static class SequenceNumber
{
    public static uint Next(uint number) => number == uint.MaxValue ? 1 : number + 1;

    /// <summary>How far <paramref name="later"/> lies ahead of <paramref name="earlier"/>, over the rollover; negative when it lies behind.</summary>
    public static int Distance(uint earlier, uint later)
    {
        var difference = unchecked((int)(later - earlier));

        // The circle has one number less than 2^32, because 0 is left out.
        if (difference > 0 && later < earlier)
        {
            return difference - 1;
        }

        return difference < 0 && later > earlier ? difference + 1 : difference;
    }
}
