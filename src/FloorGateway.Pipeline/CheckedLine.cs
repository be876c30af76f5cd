using System.Globalization;
using System.Text;
using FloorGateway.Pipeline.Journal;

namespace FloorGateway.Pipeline;

/// <summary>A text line that tells whether it is whole: the CRC-32C of what follows as eight hexadecimal digits, a tab, and the text in UTF-8.</summary>
internal static class CheckedLine
{
    private const int Digits = 8;

    public static void Append(StringBuilder to, string line) =>
        to.Append(Crc32C.Compute(Encoding.UTF8.GetBytes(line)).ToString("x8", CultureInfo.InvariantCulture)).Append('\t').Append(line).Append('\n');

    /// <summary>Null where the line is damaged.</summary>
    public static string? Read(ReadOnlySpan<byte> line)
    {
        if (line.Length <= Digits || line[Digits] != '\t')
            return null;
        Span<byte> crc = stackalloc byte[Digits];
        Crc32C.Compute(line[(Digits + 1)..]).TryFormat(crc, out _, "x8", CultureInfo.InvariantCulture);
        return line[..Digits].SequenceEqual(crc) ? Encoding.UTF8.GetString(line[(Digits + 1)..]) : null;
    }
}
