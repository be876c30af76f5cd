using System.Globalization;

namespace FloorGateway.Pipeline.Journal;

/// <summary>
/// Keeps a copy of damaged bytes with a report beside it, in the folder <c>quarantine</c> of the journal: retention takes the segment some day, and whoever wants to know
/// what was lost, or why, still has them. Never a reason to fail.
/// </summary>
internal sealed class Quarantine(string folder, TimeProvider time)
{
    // A disk that rots must not fill itself with copies of what rots.
    private const long MaxBytes = 256L << 20;
    private const long MaxCopy = 64L << 20;

    private readonly HashSet<(string, long)> kept = [];
    private readonly Lock gate = new();

    /// <summary>The folder's path.</summary>
    public string Folder { get; } = Path.Combine(folder, "quarantine");

    /// <summary>Copies what is damaged, once; gives the copy's path, or null where there is none.</summary>
    public string? Keep(JournalDamage damage)
    {
        lock (gate)
        {
            if (damage.Length <= 0 || !kept.Add((damage.Segment, damage.Offset)))
                return null;
            try
            {
                return Copy(damage);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    private string? Copy(JournalDamage damage)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(damage.Segment)}-{damage.Offset}");
        var target = Path.Combine(Folder, name + ".bin");
        if (File.Exists(target))
            return null;
        Directory.CreateDirectory(Folder);
        if (new DirectoryInfo(Folder).EnumerateFiles().Sum(f => f.Length) + Math.Min(damage.Length, MaxCopy) > MaxBytes)
            return null;
        using (var source = new FileStream(Path.Combine(folder, damage.Segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        using (var copy = new FileStream(target, FileMode.CreateNew, FileAccess.Write))
        {
            source.Position = damage.Offset;
            var buffer = new byte[64 << 10];
            for (var left = Math.Min(damage.Length, MaxCopy); left > 0;)
            {
                var read = source.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0)
                    break;
                copy.Write(buffer, 0, read);
                left -= read;
            }
        }

        File.WriteAllText(Path.Combine(Folder, name + ".txt"), string.Create(
            CultureInfo.InvariantCulture,
            $"found    {time.GetUtcNow():O}\nsegment  {damage.Segment}\noffset   {damage.Offset}\nlength   {damage.Length}\nreason   {damage.Reason}\ncopy     {name}.bin{(damage.Length > MaxCopy ? $" (the first {MaxCopy} bytes)" : "")}\n"));
        return target;
    }
}
