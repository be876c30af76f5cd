using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.PackMl;

/// <summary>
/// An alarm shown as a Boolean signal <c>Alarm.TAG</c>. P1 aborts the unit, P2 holds it, P3 and P4 only inform.
/// A latched alarm stays until the fault is cleared (Clear or Unhold), others follow their condition.
/// </summary>
public sealed class AlarmBit
{
    private readonly Action<AlarmBit> _raised;

    internal AlarmBit(Signal<bool> signal, string tag, int priority, bool latched, Action<AlarmBit> raised)
    {
        Signal = signal;
        Tag = tag;
        Priority = priority;
        Latched = latched;
        _raised = raised;
    }

    /// <summary>The Boolean signal.</summary>
    public Signal<bool> Signal { get; }

    /// <summary>Alarm tag, for example VAC_HI.</summary>
    public string Tag { get; }

    /// <summary>1 (highest) to 4.</summary>
    public int Priority { get; }

    /// <summary>Stays active until cleared.</summary>
    public bool Latched { get; }

    /// <summary>True while active.</summary>
    public bool IsActive => Signal.Value;

    /// <summary>Sets the condition; a latched alarm ignores its return to normal.</summary>
    public void Set(bool condition)
    {
        if (condition == IsActive || (!condition && Latched)) return;
        Signal.Set(condition);
        if (condition) _raised(this);
    }

    internal void Clear() => Signal.Set(false);
}
