using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FloorGateway.Connectors.Uns;

/// <summary>
/// Source time of the newest retained message of every tag, also over a restart: eight bytes a tag in a file. What has changed is written before a delivery is acknowledged,
/// so that the feed's cursor is never ahead of it. Without a file, or where the disk does not take it, this process alone remembers.
/// </summary>
internal sealed class RetainedTimes : IDisposable
{
    private const int PageTimes = 512;

    private readonly SafeFileHandle? file;
    private long[] times;
    private bool[] dirty;

    /// <param name="path">The file, made where it is missing; null = none.</param>
    public RetainedTimes(string? path)
    {
        (times, dirty) = ([], []);
        if (path is null)
            return;
        try
        {
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var count = (int)Math.Min(RandomAccess.GetLength(file) / sizeof(long), 1 << 24);
            Grow(count + 1);
            RandomAccess.Read(file, MemoryMarshal.AsBytes(times.AsSpan(0, count)), 0);
            // A write may have been cut short in the middle of a time.
            dirty[count / PageTimes] = RandomAccess.GetLength(file) % sizeof(long) != 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            file = null;
        }
    }

    /// <summary>Ticks; 0 = nothing known.</summary>
    public long this[int tag] => (uint)tag < (uint)times.Length ? times[tag] : 0;

    public void Set(int tag, long time)
    {
        if (tag >= times.Length)
            Grow(tag + 1);
        if (times[tag] == time)
            return;
        times[tag] = time;
        dirty[tag / PageTimes] = true;
    }

    /// <summary>Writes what has changed.</summary>
    public void Save()
    {
        if (file is null)
            return;
        try
        {
            for (var page = 0; page < dirty.Length; page++)
            {
                if (!dirty[page])
                    continue;
                RandomAccess.Write(file, MemoryMarshal.AsBytes(times.AsSpan(page * PageTimes, PageTimes)), (long)page * PageTimes * sizeof(long));
                dirty[page] = false;
            }
        }
        catch (IOException)
        {
            // A full disk: tried again with the next delivery.
        }
    }

    public void Dispose()
    {
        Save();
        file?.Dispose();
    }

    private void Grow(int count)
    {
        var pages = Math.Max((count + PageTimes - 1) / PageTimes, dirty.Length * 2);
        Array.Resize(ref times, pages * PageTimes);
        Array.Resize(ref dirty, pages);
    }
}
