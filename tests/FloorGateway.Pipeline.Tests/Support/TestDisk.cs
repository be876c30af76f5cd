using FloorGateway.Pipeline.Journal;
using Microsoft.Win32.SafeHandles;

namespace FloorGateway.Pipeline.Tests.Support;

/// <summary>A disk that runs full, is read only, or keeps packing waiting, as a test wants it.</summary>
internal sealed class TestDisk : JournalDisk
{
    /// <summary>The operating system's number for "no space left".</summary>
    public static readonly int NoSpace = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;

    /// <summary>The operating system's number for "read-only file system".</summary>
    public static readonly int ReadOnly = OperatingSystem.IsWindows() ? unchecked((int)0x80070013) : 30;

    /// <summary>What every write fails with; 0 = none.</summary>
    public volatile int Error;

    /// <summary>Writes that failed.</summary>
    public int Failures;

    /// <summary>Bytes that the files of a folder may have; 0 = no limit.</summary>
    public (string Folder, long Bytes) Quota { get; init; }

    /// <summary>Packing begins when it is set.</summary>
    public ManualResetEventSlim MayPack { get; } = new(true);

    public override SafeFileHandle Create(string path)
    {
        if (path.EndsWith(".packing", StringComparison.Ordinal))
            MayPack.Wait();
        return base.Create(path);
    }

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        var error = Error != 0 ? Error
            : Quota.Bytes > 0 && new DirectoryInfo(Quota.Folder).EnumerateFiles().Sum(f => f.Length) + bytes.Length > Quota.Bytes ? NoSpace
            : 0;
        if (error == 0)
        {
            base.Write(file, bytes, offset);
            return;
        }

        Interlocked.Increment(ref Failures);
        // As much as fits is written all the same.
        if (error == NoSpace)
            base.Write(file, bytes[..(bytes.Length / 2)], offset);
        throw new IOException("the test's disk can't take it", error);
    }
}
