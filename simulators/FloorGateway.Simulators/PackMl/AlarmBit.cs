using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.PackMl;

/// <summary>
/// An alarm shown as a Boolean signal <c>Alarm.TAG</c>, with what operators have done about it. P1 aborts the unit, P2 holds it, P3 and P4 only inform.
/// A latched alarm stays until the fault is cleared (Clear or Unhold), others follow their condition. Acknowledging and shelving change nothing in the machine.
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

    /// <summary>What drives it where that is a limit; null for alarms that are set by events.</summary>
    public LimitAlarm? Limit { get; internal set; }

    /// <summary>True while active.</summary>
    public bool IsActive => Signal.Value;

    /// <summary>How often it was raised.</summary>
    public uint Occurrences { get; private set; }

    /// <summary>False from its being raised until somebody acknowledges it, also when it is over by then.</summary>
    public bool IsAcked { get; internal set; } = true;

    /// <summary>Process time in ticks until which it is shelved; 0 when it is not.</summary>
    public long ShelvedUntil { get; internal set; }

    /// <summary>Told after the alarm was raised or is over; for what shows alarms in other forms.</summary>
    internal Action<AlarmBit>? Changed { get; set; }

    /// <summary>Told after a method of the unit acknowledged or shelved it, with the operator's words.</summary>
    internal Action<AlarmBit, string>? Answered { get; set; }

    /// <summary>Id of the latest event in another form of the alarm, hexadecimal; null where there is none.</summary>
    internal Func<string>? EventId { get; set; }

    /// <summary>Sets the condition; a latched alarm ignores its return to normal.</summary>
    public void Set(bool condition)
    {
        if (condition == IsActive || (!condition && Latched)) return;
        Signal.Set(condition);
        if (condition)
        {
            Occurrences++;
            IsAcked = false;
        }

        Changed?.Invoke(this);
        if (condition) _raised(this);
    }

    internal void Clear()
    {
        if (!IsActive) return;
        Signal.Set(false);
        Changed?.Invoke(this);
    }
}
