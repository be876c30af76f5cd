using System.Text;

namespace FloorGateway.Pipeline.Journal;

/// <summary>Gives the same string object for the same bytes, most of the time: states and recipe names come again and again. One entry a slot, the newest wins.</summary>
internal sealed class StringPool
{
    private const int Slots = 1024;

    // Longer texts are seldom repeated, and hashing them costs more than it saves.
    private const int LongestKept = 64;

    private readonly (byte[] Bytes, string Text)[] slots = new (byte[], string)[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestKept)
            return Encoding.UTF8.GetString(utf8);
        ref var slot = ref slots[Crc32C.Compute(utf8) % Slots];
        if (slot.Text is null || !utf8.SequenceEqual(slot.Bytes))
            slot = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return slot.Text;
    }
}
