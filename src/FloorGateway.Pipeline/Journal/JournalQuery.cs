using FloorGateway.Model.Samples;

namespace FloorGateway.Pipeline.Journal;

/// <summary>Which samples of a journal are wanted.</summary>
public sealed record JournalRange
{
    /// <summary>Source time from which on, UTC ticks.</summary>
    public long From { get; init; } = long.MinValue;

    /// <summary>Source time up to which, itself left out, UTC ticks.</summary>
    public long To { get; init; } = long.MaxValue;

    /// <summary>Says of a tag's id whether it is wanted; null = every one.</summary>
    public Func<int, bool>? Tag { get; init; }
}

/// <summary>
/// Reads the samples of a range out of a journal's folder in journal order, one caller at a time. All of the journal is read: values fetched later stand far behind
/// their source time.
/// </summary>
public sealed class JournalQuery : IDisposable
{
    private const int Piece = 4096;

    private readonly JournalFolder folder;
    private readonly JournalReader reader;
    private readonly JournalRange range;
    private readonly SampleBatch piece = new(Piece);
    private readonly List<Model.Gaps.GapRecord> ignored = [];

    /// <param name="path">The journal's folder.</param>
    /// <param name="range">What is wanted.</param>
    /// <exception cref="IOException">The folder can't be read.</exception>
    public JournalQuery(string path, JournalRange range)
    {
        folder = JournalFolder.Open(path);
        reader = folder.CreateReader(folder.Head);
        this.range = range;
    }

    /// <summary>Samples that stood in the way of the range or in it and can't be read; whether they belong to it is not known.</summary>
    public long Missing { get; private set; }

    /// <summary>What is damaged among what was read.</summary>
    public IReadOnlyList<JournalDamage> Damages => folder.Damages;

    /// <summary>Journal sequence number of the first sample that the last <see cref="TryRead"/> looked at.</summary>
    public long FirstSequence { get; private set; }

    /// <summary>Replaces a batch's samples by the next wanted ones, some thousand at most and maybe none; false at the journal's end.</summary>
    public bool TryRead(SampleBatch into)
    {
        into.Clear();
        piece.Clear();
        ignored.Clear();
        var read = reader.Read(piece, ignored, Piece);
        Missing += read.Skipped;
        FirstSequence = read.FirstSequence;
        foreach (ref readonly var sample in piece.Samples)
        {
            if (sample.SourceTime >= range.From && sample.SourceTime < range.To && (range.Tag is null || range.Tag(sample.Tag)))
                into.Add(sample);
        }

        return !read.IsEmpty;
    }

    public void Dispose()
    {
        reader.Dispose();
        piece.Dispose();
    }
}
