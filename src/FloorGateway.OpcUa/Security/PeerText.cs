namespace FloorGateway.OpcUa.Security;

/// <summary>Text that a peer chose, as logs and messages may hold it.</summary>
internal static class PeerText
{
    /// <summary>At most <paramref name="max"/> characters, with control characters and quotes replaced: nobody writes lines of their own into our log.</summary>
    public static string Clean(string? text, int max = 100) =>
        new([.. (text ?? "").Take(max).Select(c => char.IsControl(c) || c is '"' or '\u2028' or '\u2029' ? '_' : c)]);
}
