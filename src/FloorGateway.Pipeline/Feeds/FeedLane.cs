using FloorGateway.Pipeline.Journal;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>One way along the journal: a reader, what it read last, and what it has read ahead meanwhile.</summary>
internal sealed class FeedLane(JournalReader reader, FeedLaneKind kind, FeedFilter? filter, JournalPosition? end = null) : IDisposable
{
    private FeedStretch ahead = new(kind, filter, end);
    private bool isAhead;

    public FeedStretch Current { get; private set; } = new(kind, filter, end);

    public bool IsAhead => isAhead;

    /// <summary>Takes what was read ahead, or reads.</summary>
    public void Fill(int most)
    {
        if (isAhead)
            (Current, ahead, isAhead) = (ahead, Current, false);
        else
            Current.Fill(reader, most);
    }

    /// <summary>Reads on while the current stretch is delivered.</summary>
    public void ReadAhead(int most)
    {
        ahead.Fill(reader, most);
        isAhead = !ahead.Read.IsEmpty;
    }

    public ValueTask WaitAsync() => reader.WaitAsync();

    public void Wake() => reader.Wake();

    public void Dispose()
    {
        reader.Dispose();
        Current.Dispose();
        ahead.Dispose();
    }
}
