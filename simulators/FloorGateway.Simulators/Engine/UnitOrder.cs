namespace FloorGateway.Simulators.Engine;

/// <summary>
/// The units of a world by the process time of their next event, the first of them on top; equal times by index. Each unit stands in it once and moves when its time changes,
/// so that nothing superseded has to be thrown away.
/// </summary>
internal sealed class UnitOrder
{
    private readonly long[] _due;
    private readonly int[] _heap, _place;

    /// <param name="count">Units, numbered from 0; all of them due at 0.</param>
    public UnitOrder(int count)
    {
        _due = new long[count];
        _heap = [.. Enumerable.Range(0, count)];
        _place = [.. _heap];
    }

    /// <summary>The unit that is due first.</summary>
    public int First => _heap[0];

    /// <summary>When it is due.</summary>
    public long FirstDue => _heap.Length == 0 ? long.MaxValue : _due[_heap[0]];

    /// <summary>Notes when a unit is due next.</summary>
    public void Set(int unit, long due)
    {
        var before = _due[unit];
        _due[unit] = due;
        if (due < before) Rise(_place[unit]);
        else if (due > before) Sink(_place[unit]);
    }

    private void Rise(int at)
    {
        var unit = _heap[at];
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!IsBefore(unit, _heap[parent])) break;
            Put(_heap[parent], at);
            at = parent;
        }

        Put(unit, at);
    }

    private void Sink(int at)
    {
        var unit = _heap[at];
        while (true)
        {
            var child = 2 * at + 1;
            if (child >= _heap.Length) break;
            if (child + 1 < _heap.Length && IsBefore(_heap[child + 1], _heap[child])) child++;
            if (!IsBefore(_heap[child], unit)) break;
            Put(_heap[child], at);
            at = child;
        }

        Put(unit, at);
    }

    private void Put(int unit, int at)
    {
        _heap[at] = unit;
        _place[unit] = at;
    }

    private bool IsBefore(int a, int b) => _due[a] < _due[b] || (_due[a] == _due[b] && a < b);
}
