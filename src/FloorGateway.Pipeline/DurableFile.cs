namespace FloorGateway.Pipeline;

/// <summary>Small files that are written whole.</summary>
internal static class DurableFile
{
    /// <summary>Puts a file in the place of the one before. A kill or a power cut at any moment leaves one or the other, whole.</summary>
    /// <exception cref="IOException">The disk refuses; the earlier file is still there.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        var beside = path + ".new";
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1))
        {
            stream.Write(bytes);
            // Else a power cut may leave the new name with nothing in it.
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }
}
