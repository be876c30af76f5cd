namespace FloorGateway.Pipeline.Journal;

/// <summary>Totals by server number, grown as servers appear.</summary>
internal sealed class TotalsTable
{
    private ServerTotals[] items = [];

    public int Count { get; private set; }

    public ReadOnlySpan<ServerTotals> Items => items.AsSpan(0, Count);

    public ServerTotals this[int server] => server < Count ? items[server] : default;

    public ref ServerTotals Of(int server)
    {
        EnsureCount(server + 1);
        return ref items[server];
    }

    public void Set(int server, in ServerTotals totals)
    {
        if ((uint)server > 1_000_000)
            throw new InvalidDataException("a server's number is out of all reason");
        Of(server) = totals;
    }

    public void EnsureCount(int count)
    {
        if (count <= Count)
            return;
        if (count > items.Length)
            Array.Resize(ref items, Math.Max(count, Math.Max(8, items.Length * 2)));
        Count = count;
    }

    public void CopyFrom(TotalsTable other)
    {
        EnsureCount(other.Count);
        other.Items.CopyTo(items);
    }

    public long SumJournaled()
    {
        long sum = 0;
        foreach (ref readonly var t in Items)
            sum += t.Journaled;
        return sum;
    }
}
