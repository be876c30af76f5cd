using System.Collections.Immutable;
using FloorGateway.Pipeline.Journal;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>A stretch of the journal that a feed has left behind to be live at once, and delivers beside the live samples.</summary>
/// <param name="From">What was acknowledged of it lies before this.</param>
/// <param name="To">Where it ends.</param>
/// <param name="LastReceive">Receive time (UTC ticks) of the sample before <paramref name="From"/>; 0 = not known.</param>
public readonly record struct FeedHole(JournalPosition From, JournalPosition To, long LastReceive)
{
    /// <summary>Samples that it still holds back.</summary>
    public long Samples => To.Sequence - From.Sequence;
}

/// <summary>
/// How far a feed has come, and what became of the samples on the way. Delivered + Refused + Withheld + Expired + those in the holes = Position.Sequence - Start.
/// </summary>
/// <param name="Position">What is before it was acknowledged, but for the holes.</param>
/// <param name="Start">Sequence number at which the feed was added.</param>
/// <param name="Delivered">Acknowledged by the destination.</param>
/// <param name="Refused">In the dead-letter file.</param>
/// <param name="Expired">No longer in the journal when their turn came.</param>
/// <param name="LastReceive">Receive time (UTC ticks) of the last sample before the position; 0 = none.</param>
public readonly record struct FeedProgress(JournalPosition Position, long Start, long Delivered, long Refused, long Expired, long LastReceive)
{
    private readonly ImmutableArray<FeedHole> holes;

    /// <summary>Not sent because the feed's filter says so.</summary>
    public long Withheld { get; init; }

    /// <summary>Lines of the dead letters being sent again that are done.</summary>
    public long Replayed { get; init; }

    /// <summary>What was left behind, oldest first; at most <see cref="FeedCursor.MaxHoles"/>.</summary>
    public ImmutableArray<FeedHole> Holes
    {
        get => holes.IsDefault ? [] : holes;
        init => holes = value;
    }

    /// <summary>Samples in the holes.</summary>
    public long Backlog
    {
        get
        {
            long sum = 0;
            foreach (var hole in Holes)
                sum += hole.Samples;
            return sum;
        }
    }

    /// <summary>The first segment that must stay for this feed.</summary>
    public long FirstSegment => Holes.Length > 0 ? Math.Min(Holes[0].From.Segment, Position.Segment) : Position.Segment;
}
