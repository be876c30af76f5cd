using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.PackMl;

/// <summary>
/// The phases of a machine cycle. A freeze (Hold, Suspend, Stop) takes effect at once in an interruptible step and at the
/// next interruptible step otherwise; a thaw continues with the time that was left.
/// </summary>
public sealed class StepSequence
{
    private readonly Unit _unit;
    private readonly Signal<int> _number;
    private readonly Action _cycleDone;
    private readonly List<SequenceStep> _steps = [];
    private int _index = -1;
    private bool _entered;
    private bool _freezeRequested;
    private long _remaining;
    private ScheduledEvent? _end;

    /// <param name="unit">The unit whose time it runs in.</param>
    /// <param name="number">Shows the present step's number; 0 outside a cycle.</param>
    /// <param name="cycleDone">Called after the last step; starts the next cycle or leaves Execute.</param>
    public StepSequence(Unit unit, Signal<int> number, Action cycleDone)
    {
        _unit = unit;
        _number = number;
        _cycleDone = cycleDone;
    }

    /// <summary>True when nothing moves: frozen, cancelled or between two cycles.</summary>
    public bool IsAtRest => _end is null;

    /// <summary>True from the first step's start to the last step's end, frozen or not.</summary>
    public bool InCycle => _index >= 0;

    /// <summary>The present step's number; 0 outside a cycle.</summary>
    public int Current => _index < 0 ? 0 : _steps[_index].Number;

    /// <summary>Appends a step; the last one must not be conditional.</summary>
    /// <param name="number">Shown in the Step signal.</param>
    /// <param name="seconds">Duration in process seconds, asked for at entry.</param>
    /// <param name="enter">Runs at entry.</param>
    /// <param name="interruptible">False for a phase that must not stand still, such as a shot.</param>
    /// <param name="when">Leaves the step out of a cycle where it does not hold; null never leaves it out.</param>
    public StepSequence Add(int number, Func<double> seconds, Action enter, bool interruptible = true, Func<bool>? when = null)
    {
        _steps.Add(new(number, seconds, enter, interruptible, when));
        return this;
    }

    /// <summary>Starts a cycle, or continues a frozen one.</summary>
    public void Run()
    {
        _freezeRequested = false;
        if (_end is not null) return;
        if (_index >= 0 && _entered) _end = _unit.At(_unit.Now + _remaining, End);
        else Enter(Math.Max(_index, 0));
    }

    /// <summary>Asks to stand still at the next permitted point.</summary>
    public void Freeze()
    {
        if (_end is null) return;
        if (!_steps[_index].Interruptible)
        {
            _freezeRequested = true;
            return;
        }

        _remaining = _end.Due - _unit.Now;
        _end.Cancel();
        _end = null;
    }

    /// <summary>Ends the running step before its time: what it waits for has come. A frozen step stays.</summary>
    public void Finish()
    {
        if (_end is null) return;
        _end.Cancel();
        End();
    }

    /// <summary>Gives the cycle up.</summary>
    public void Cancel()
    {
        _end?.Cancel();
        _end = null;
        _index = -1;
        _entered = false;
        _freezeRequested = false;
        _number.Set(0);
    }

    private void Enter(int index)
    {
        while (_steps[index].When is { } when && !when()) index++;
        _index = index;
        var step = _steps[index];
        if (_freezeRequested && step.Interruptible)
        {
            _freezeRequested = false;
            _entered = false;
            _end = null;
            return;
        }

        _entered = true;
        _number.Set(step.Number);
        // The duration is fixed before the entry action, which may itself freeze or cancel the sequence.
        _end = _unit.After(step.Seconds(), End);
        step.Enter();
    }

    private void End()
    {
        _end = null;
        if (_index + 1 < _steps.Count)
        {
            Enter(_index + 1);
            return;
        }

        _index = -1;
        _entered = false;
        _cycleDone();
    }

    private sealed record SequenceStep(int Number, Func<double> Seconds, Action Enter, bool Interruptible, Func<bool>? When);
}
