using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Pipeline.Journal;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>A piece of the journal read for one delivery, in memory that is used again.</summary>
internal sealed class FeedStretch : IDisposable
{
    public SampleBatch Samples { get; } = new(1024);

    public List<GapRecord> Gaps { get; } = [];

    public JournalRead Read { get; private set; }

    /// <summary>Receive time of the last sample read when this stretch was filled.</summary>
    public long LastReceive { get; private set; }

    public void Fill(JournalReader reader, int most)
    {
        Samples.Clear();
        Gaps.Clear();
        Read = reader.Read(Samples, Gaps, most);
        LastReceive = reader.LastReceive;
    }

    public void Dispose() => Samples.Dispose();
}
