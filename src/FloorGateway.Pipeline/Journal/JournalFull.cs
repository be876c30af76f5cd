namespace FloorGateway.Pipeline.Journal;

/// <summary>The journal stands at its own limit and must not grow.</summary>
internal sealed class JournalFullException(string message) : IOException(message);

/// <summary>Tells a disk that can take no more, which a wait may mend, from all other faults of a write.</summary>
internal static class JournalFull
{
    // Linux: no space left, quota exceeded, read-only file system. macOS numbers the quota 69.
    private static readonly int[] UnixErrors = [28, 30, 69, 122];

    // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED, ERROR_WRITE_PROTECT as HRESULT.
    private static readonly int[] WindowsErrors = [unchecked((int)0x80070027), unchecked((int)0x80070070), unchecked((int)0x8007050F), unchecked((int)0x80070013)];

    public static bool Is(Exception error) =>
        error is JournalFullException || (error is IOException && (OperatingSystem.IsWindows() ? WindowsErrors : UnixErrors).Contains(error.HResult));

    /// <summary>False where deleting gives nothing back: on a disk that is read only.</summary>
    public static bool CanBeFreed(Exception error) => Is(error) && error.HResult is not (30 or unchecked((int)0x80070013));
}
