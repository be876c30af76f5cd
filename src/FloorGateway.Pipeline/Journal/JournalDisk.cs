using Microsoft.Win32.SafeHandles;

namespace FloorGateway.Pipeline.Journal;

/// <summary>What the journal asks of the disk when it writes: the seam at which tests let it run full.</summary>
internal class JournalDisk
{
    public static JournalDisk System { get; } = new();

    /// <summary>A new file, or an old one emptied; others may read, rename and delete it meanwhile.</summary>
    public virtual SafeFileHandle Create(string path) => File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

    public virtual void Flush(SafeFileHandle file) => RandomAccess.FlushToDisk(file);
}
