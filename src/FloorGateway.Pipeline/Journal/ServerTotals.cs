namespace FloorGateway.Pipeline.Journal;

/// <summary>What the journal has counted for one server since it was made.</summary>
public record struct ServerTotals
{
    public long Received { get; set; }

    public long SuppressedDeadband { get; set; }

    public long SuppressedDuplicate { get; set; }

    public long Journaled { get; set; }

    public long Gaps { get; set; }

    /// <summary>UTC ticks up to which the server's values are complete; 0 = never seen.</summary>
    public long LastComplete { get; set; }
}

/// <summary>What normalisation made of a batch: what the journal has to count besides the samples that it stores.</summary>
/// <param name="Received">Samples that came in.</param>
/// <param name="SuppressedDeadband">Taken out because the change was too small.</param>
/// <param name="SuppressedDuplicate">Taken out because the same sample was there already.</param>
public readonly record struct BatchCounts(int Received, int SuppressedDeadband, int SuppressedDuplicate);
