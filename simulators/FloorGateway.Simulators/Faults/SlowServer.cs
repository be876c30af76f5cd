using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Faults;

/// <summary>F7: a server that shows every change late, in order and with its own source time.</summary>
internal sealed class SlowServer(FaultBench bench, Unit anchor, IReadOnlyList<Unit> units, long processDelay) : FaultEffect
{
    private readonly Queue<(Signal Signal, Change Change, long Due)> _waiting = new();
    private bool _on;

    public override void Begin()
    {
        _on = true;
        foreach (var unit in units) bench.SlowDown(unit, this);
    }

    public override void End()
    {
        if (!_on) return;
        _on = false;
        foreach (var unit in units) bench.SpeedUp(unit, this);
        while (_waiting.TryDequeue(out var item)) bench.Show(item.Signal, item.Change);
    }

    public void Add(Unit unit, Signal signal, in Change change)
    {
        _waiting.Enqueue((signal, change, unit.Now + processDelay));
        if (_waiting.Count == 1) Wake();
    }

    private void Wake() => bench.Post(anchor, _waiting.Peek().Due, () =>
    {
        while (_waiting.TryPeek(out var item) && item.Due <= anchor.Now)
        {
            _waiting.Dequeue();
            bench.Show(item.Signal, item.Change);
        }

        if (_waiting.Count > 0) Wake();
    });
}
