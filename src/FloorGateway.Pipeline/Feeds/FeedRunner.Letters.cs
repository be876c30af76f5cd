namespace FloorGateway.Pipeline.Feeds;

/// <summary>Sending the dead letters again.</summary>
public sealed partial class FeedRunner
{
    // What is to be sent again lies here; whoever wants it puts the dead-letter file in this place.
    private readonly string replayFile;
    private volatile bool replayWanted;
    private FeedStretch? letters;

    /// <summary>
    /// Puts a feed's refused samples where it sends them again, whether it runs or not. What is refused still comes back to the dead-letter file.
    /// </summary>
    /// <param name="folder">The folder <c>feeds</c> of the data folder.</param>
    /// <param name="feed">The feed's name.</param>
    /// <returns>Lines to be sent; 0 where nothing was refused; null where an earlier replay is not over yet.</returns>
    /// <exception cref="IOException">The files can't be moved.</exception>
    public static long? ReplayRefused(string folder, string feed)
    {
        var name = Path.Combine(folder, FileNameOf(feed));
        var (refused, replay) = (name + RefusedExtension, name + ReplayExtension);
        if (File.Exists(replay))
            return null;
        if (!File.Exists(refused))
            return 0;
        var older = refused + ".old";
        // The older generation comes back with the next call.
        if (File.Exists(older))
            File.Move(older, replay);
        else
            File.Move(refused, replay);
        return File.ReadLines(replay).LongCount();
    }

    private const string RefusedExtension = ".refused.jsonl";
    private const string ReplayExtension = ".replay.jsonl";

    /// <summary>A name that any file system takes.</summary>
    internal static string FileNameOf(string feed) => string.Concat(feed.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));

    private void LookForLetters()
    {
        if (replayWanted || !File.Exists(replayFile))
            return;
        replayWanted = true;
        live.Wake();
    }

    /// <summary>Sends the next dead letters again, where somebody has asked for it.</summary>
    private async ValueTask<bool> TryReplayLettersAsync(CancellationToken cancel)
    {
        if (!replayWanted)
            return false;
        var done = Progress.Replayed;
        // Small enough to be read in one go a few times over: the file has a limit.
        var lines = File.ReadLines(replayFile).Skip((int)done).Take(destination.MaxBatch).ToList();
        if (lines.Count == 0)
        {
            FinishReplay();
            return true;
        }

        var parsed = new List<DeadLetter>(lines.Count);
        foreach (var line in lines)
        {
            if (DeadLetter.TryParse(line, catalog) is { } letter)
                parsed.Add(letter);
            else
                KeepLine(line);
        }

        letters ??= new FeedStretch(FeedLaneKind.DeadLetters, null);
        letters.FillLetters(parsed, lines.Count);
        await DeliverAsync(letters, cancel);
        lock (lettersGate)
            deadLetters.Sync();
        SaveProgress(toDisk: false);
        return true;
    }

    private void KeepLine(string line)
    {
        lock (lettersGate)
            deadLetters.AppendLine(line);
    }

    /// <summary>Under <see cref="gate"/>. All at once at the end, so that a kill in between counts nothing twice.</summary>
    private void AcknowledgeLetters(FeedStretch stretch, int delivered, bool finished)
    {
        stretch.Redelivered += delivered;
        if (!finished)
            return;
        // Somebody may have written lines of his own into the file.
        var counted = Math.Min(stretch.Redelivered, progress.Refused);
        progress = progress with
        {
            Delivered = progress.Delivered + counted,
            Refused = progress.Refused - counted,
            Replayed = progress.Replayed + stretch.Lines,
        };
        dirty = true;
    }

    private void FinishReplay()
    {
        File.Delete(replayFile);
        replayWanted = false;
        lock (gate)
        {
            progress = progress with { Replayed = 0 };
            dirty = true;
        }

        SaveProgress(toDisk: true);
        LogLettersDone(Name, Progress.Refused);
    }
}
