using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;

namespace FloorGateway.Model.Ports;

/// <summary>A stretch of the journal on its way to a destination.</summary>
/// <param name="FirstSequence">Journal sequence number of the first sample; the others follow it, but for those that the feed's filter withheld.</param>
/// <param name="Samples">Samples in journal order; valid until the delivery completes.</param>
/// <param name="Gaps">Gap records that stand in this stretch.</param>
public readonly record struct FeedBatch(long FirstSequence, ReadOnlyMemory<Sample> Samples, IReadOnlyList<GapRecord> Gaps)
{
    /// <summary>
    /// This batch does not follow on the one delivered before it: what lies between comes later (or came earlier), marked <see cref="SampleOrigin.Replay"/>. A
    /// destination that writes less because it remembers what it wrote last (a quality, a change) forgets that here.
    /// </summary>
    public bool Jumped { get; init; }

    /// <summary>What waited through an outage, marked <see cref="SampleOrigin.Replay"/>.</summary>
    public bool IsBacklog { get; init; }
}

/// <summary>What became of a delivery.</summary>
public enum DeliveryOutcome
{
    /// <summary>The destination has acknowledged all of it.</summary>
    Delivered,

    /// <summary>Not now (no link, busy, timeout): the same batch will be given again.</summary>
    Retry,

    /// <summary>The destination refuses something in it for good: the feed splits the batch until the refused samples stand alone.</summary>
    Rejected,
}

/// <summary>A sample that the destination refuses for good.</summary>
/// <param name="Index">Its index in the batch.</param>
/// <param name="Reason">Why, in the destination's own words.</param>
public readonly record struct RefusedSample(int Index, string Reason);

/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why not delivered, in the destination's own words.</param>
/// <param name="RetryAfter">When the destination said how long to wait.</param>
/// <param name="Refused">With <see cref="DeliveryOutcome.Rejected"/>: exactly the samples that are refused, by rising index; all others of the batch, and its gap
/// records, have been stored. Null = not known: the batch has to be split.</param>
public readonly record struct DeliveryResult(DeliveryOutcome Outcome, string? Reason = null, TimeSpan? RetryAfter = null, IReadOnlyList<RefusedSample>? Refused = null)
{
    public static DeliveryResult Delivered => new(DeliveryOutcome.Delivered);

    public static DeliveryResult Retry(string reason, TimeSpan? after = null) => new(DeliveryOutcome.Retry, reason, after);

    public static DeliveryResult Rejected(string reason, IReadOnlyList<RefusedSample>? refused = null) => new(DeliveryOutcome.Rejected, reason, Refused: refused);
}

/// <summary>
/// The way out of the gateway: one destination of one feed. Implement this (and register it in the host's composition) to deliver to another system.
/// Deliveries come one at a time and at least once: after a crash the last batch may come again. They come in journal order, except that after an outage the
/// live samples come at once and what waited comes between them, oldest first, with origin <see cref="SampleOrigin.Replay"/>: of one tag, live samples are in
/// order among themselves, replayed ones too, and a replayed one is older than the live ones before it. Who keeps a latest value compares source times.
/// </summary>
public interface IFeedDestination : IAsyncDisposable
{
    /// <summary>The feed's name in the configuration.</summary>
    string Name { get; }

    /// <summary>Samples that one delivery may hold at most.</summary>
    int MaxBatch { get; }

    /// <summary>
    /// Above 0, what waited through an outage comes beside everything else instead of between it: deliveries of at most this many samples, of which one may be under way
    /// together with one that is not (see <see cref="FeedBatch.IsBacklog"/>). All of it is acknowledged at once, so the destination is free to store it in an order of its own.
    /// </summary>
    int MaxBacklogBatch => 0;

    /// <summary>What hinders delivery at this moment, in one sentence for the status page, e.g. that there is no link; null = nothing known.</summary>
    string? Hindrance => null;

    /// <summary>Delivers and waits for the destination's acknowledgement. Expected trouble is a result, never an exception.</summary>
    ValueTask<DeliveryResult> DeliverAsync(FeedBatch batch, CancellationToken cancel);
}
