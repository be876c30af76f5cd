using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// Items that the server does not take. Each is tried again alone, after a wait of its own that doubles, so that one bad node holds up nobody and a hundred of them
/// don't come in step. Pure but for the clock; one owner.
/// </summary>
internal sealed class ItemQuarantine(TimeSpan first, TimeSpan longest, TimeProvider time)
{
    private readonly Dictionary<uint, Entry> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Puts an item in, or notes another refusal.</summary>
    /// <returns>True when it was not in before.</returns>
    public bool Refuse(MonitoredItemSettings item, StatusCode status)
    {
        var isNew = !_entries.TryGetValue(item.ClientHandle, out var entry);
        var wait = isNew ? first : TimeSpan.FromTicks(Math.Min(entry!.Wait.Ticks * 2, longest.Ticks));
        _entries[item.ClientHandle] = new Entry(item, status, wait, time.GetTimestamp());
        return isNew;
    }

    /// <summary>Takes an item out: the server has it now.</summary>
    /// <returns>True when it was in.</returns>
    public bool Release(uint clientHandle) => _entries.Remove(clientHandle);

    /// <summary>The status of the last refusal; null for items that are not in.</summary>
    public StatusCode? StatusOf(uint clientHandle) => _entries.TryGetValue(clientHandle, out var entry) ? entry.Status : null;

    /// <summary>Items whose wait is over, those that wait longest first.</summary>
    public List<MonitoredItemSettings> Due(int most) =>
    [
        .. _entries.Values.Where(e => time.GetElapsedTime(e.Since) >= e.Wait).OrderBy(e => e.Since).Take(most).Select(e => e.Item),
    ];

    private sealed record Entry(MonitoredItemSettings Item, StatusCode Status, TimeSpan Wait, long Since);
}
