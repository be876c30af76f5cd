namespace FloorGateway.Pipeline.Journal;

public sealed partial class SampleJournal
{
    /// <summary>Extension of a packed form that is not finished; what is left of one is removed at the next start.</summary>
    private const string UnfinishedExtension = ".packing";

    private readonly SemaphoreSlim packWanted = new(1);
    private readonly HashSet<long> unpackable = [];
    private Task packing = Task.CompletedTask;

    /// <summary>True while closed segments wait to be packed.</summary>
    public bool IsPacking => NextToPack() is not null;

    /// <summary>On a thread of its own: a block takes long enough to be missed in the pool of a small machine.</summary>
    private void StartPacking() =>
        packing = Task.Factory.StartNew(PackAll, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private void PackAll()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        try
        {
            while (true)
            {
                packWanted.Wait(stopping.Token);
                // Its buffers take some 30 MB: not for keeps, when a segment is closed every few minutes or days.
                SegmentPacker? packer = null;
                while (NextToPack() is { } segment)
                {
                    packer ??= new SegmentPacker(options.PackedBlockSamples, disk);
                    if (!TryPack(packer, segment))
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }

    private SegmentInfo? NextToPack()
    {
        lock (gate)
        {
            for (var i = 0; i < segments.Count - 1; i++)
            {
                var segment = segments[i];
                if (!segment.Packed && segment.Length >= options.PackAbove && !unpackable.Contains(segment.Number))
                    return segment;
            }

            return null;
        }
    }

    /// <summary>False where the disk could not take it: tried again when the next segment is closed.</summary>
    private bool TryPack(SegmentPacker packer, SegmentInfo segment)
    {
        var target = Path.ChangeExtension(segment.Path, UnfinishedExtension);
        try
        {
            var result = packer.Pack(segment, target, stopping.Token);
            if (result.Length > 0)
            {
                Replace(segment, target, result.Length);
                return true;
            }

            LogNotPacked(segment.Path, result.Reason!);
            if (result.Damage is not null)
                ((IJournalView)this).ReportDamage(result.Damage);
            Leave(segment);
        }
        catch (Exception e) when (e is InvalidDataException or IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            LogNotPacked(segment.Path, e.Message);
            Leave(segment);
        }
        catch (FileNotFoundException)
        {
            // Retention was faster.
            Leave(segment);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogPackingFailed(segment.Path, e.Message);
            TryDelete(target);
            return false;
        }
        catch (OperationCanceledException)
        {
            TryDelete(target);
            throw;
        }

        TryDelete(target);
        return true;
    }

    private void Leave(SegmentInfo segment)
    {
        lock (gate)
            unpackable.Add(segment.Number);
    }

    /// <summary>
    /// Puts the packed form in the place of the rows. It is on the disk whole before it gets its name, and has its name before the rows go; a kill in between leaves both,
    /// and the next start takes the packed one. Readers that have the rows open read on in them.
    /// </summary>
    private void Replace(SegmentInfo segment, string target, long length)
    {
        var path = SegmentInfo.PackedPathOf(segment.Path);
        lock (gate)
        {
            var index = segments.IndexOf(segment);
            if (index < 0)
            {
                // Retention was faster.
                File.Delete(target);
                return;
            }

            File.Move(target, path, overwrite: true);
            segments[index] = new SegmentInfo { Number = segment.Number, FirstSequence = segment.FirstSequence, Path = path, Packed = true, Created = segment.Created, Length = length };
        }

        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
            disk.Flush(file);
        File.Delete(segment.Path);
        LogPacked(path, segment.Length, length);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start removes it.
        }
    }
}
