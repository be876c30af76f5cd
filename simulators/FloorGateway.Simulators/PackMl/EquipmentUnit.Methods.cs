using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.PackMl;

/// <summary>The methods every machine offers, with their preconditions. Whoever calls reads the outcome back from the signals.</summary>
public abstract partial class EquipmentUnit
{
    private IReadOnlyList<string> _recipes;
    private readonly Dictionary<string, SetPointRule> _setPoints = new(StringComparer.Ordinal);

    /// <summary>Releases a recipe beside those of the type, for trials.</summary>
    public void ReleaseTrial(string recipe) => _recipes = [.. _recipes, recipe];

    /// <summary>Declares a set point: a read-back signal that the SetPoint method may write within its range.</summary>
    protected Signal<double> SetPoint(string subUnit, string name, string? unit, double low, double high, double initial)
    {
        var signal = Analog(subUnit, "SetPoint." + name, unit, low, high, 0, 0, initial, resolution: 0);
        _setPoints.Add(name, new(signal, TimeSpan.FromSeconds(1)));
        return signal;
    }

    /// <summary>Declares a method that refuses while the key at the machine does not allow remote commands.</summary>
    /// <param name="name">Name, also of the OPC UA node.</param>
    /// <param name="inputs">Arguments with their descriptions.</param>
    /// <param name="run">Checks the preconditions and acts.</param>
    /// <param name="description">When it is taken and where the outcome is read back.</param>
    protected void AddRemoteMethod(string name, IReadOnlyList<MethodArgument> inputs, Func<SignalValue[], MethodOutcome> run, string description = "") =>
        AddMethod(name, inputs, arguments => RemoteAllowed.Value ? run(arguments) : Locked(), description);

    private void AddCommonMethods()
    {
        MethodArgument reason = new("reason", SignalType.String, "why, for the record");
        AddRemoteMethod(
            "Start",
            [new("jobId", SignalType.String, "order that is produced; may be empty"), new("recipeId", SignalType.String, "a released recipe; empty keeps the loaded one")],
            Start,
            "State Idle, mode 1, guard closed, no P1 alarm. Read back: State 6 in 30 s, later where the machine warms up first.");
        AddRemoteMethod("Hold", [reason], _ => Command(PackMlCommand.Hold), "State Execute. Read back: State 11 in 20 s, later where a step or a running web must end first.");
        AddRemoteMethod("Unhold", [], _ => Command(PackMlCommand.Unhold), "State Held. Read back: State 6 in 20 s.");
        AddMethod("Suspend", [], _ => LineLogicOnly("Suspend"), "Line logic only: the machine suspends by itself when starved or blocked.");
        AddMethod("Unsuspend", [], _ => LineLogicOnly("Unsuspend"), "Line logic only: the machine goes on by itself.");
        AddRemoteMethod("Stop", [], _ => Command(PackMlCommand.Stop), "Any state in which the machine is not stopping or stopped already. Read back: State 2.");
        AddRemoteMethod("Abort", [reason], _ => Command(PackMlCommand.Abort), "Any state but Aborting and Aborted. Read back: State 9.");
        AddRemoteMethod("Clear", [], _ => ClearFault(), "State Aborted and the local fault cleared. Read back: State 2.");
        AddRemoteMethod("Reset", [], _ => Command(PackMlCommand.Reset), "State Stopped or Complete. Read back: State 4.");
        AddRemoteMethod("SetMode", [new("mode", SignalType.Int32, "1 Produce, 2 Maintenance, 3 Manual")], SetMode, "State Stopped or Idle. Read back: Mode.");
        AddRemoteMethod(
            "SetRecipe",
            [new("id", SignalType.String, "a released recipe"), new("rev", SignalType.UInt32, "revision; for the record, as the machine has the released one only")],
            SetRecipe,
            "State Stopped or Idle, recipe released for the model. Read back: RecipeId.");
        AddRemoteMethod(
            "SetPoint",
            [
                new("tag", SignalType.String, "name of the set point without its prefix SetPoint."), new("value", SignalType.Double, "within the tag's range"),
                new("unit", SignalType.String, "UNECE code of the value; empty for the tag's own unit"),
            ],
            WriteSetPoint,
            "Mode 1, at most once a second. Read back: the tag within 1 % in 10 s.");
        AddOperatorMethods();
    }

    private MethodOutcome Locked() => new(MethodOutcome.BadUserAccessDenied, $"{Code}: remote commands are locked by the key at the machine.");

    private MethodOutcome LineLogicOnly(string method) =>
        new(MethodOutcome.BadUserAccessDenied, $"{Code}: {method} is the line's own decision; use Hold or Stop.");

    // What still burns can't be cleared: a latched alarm is cleared by Clear itself, any other has to go first.
    private MethodOutcome ClearFault() =>
        PackMl == PackMlState.Aborted && _alarms.Find(a => a is { Priority: 1, IsActive: true, Latched: false } && StopsFor(a)) is { } alarm
            ? MethodOutcome.WrongState($"{Code}: Clear is refused while the cause of alarm {alarm.Tag} lasts.")
            : Command(PackMlCommand.Clear);

    private MethodOutcome Command(PackMlCommand command)
    {
        if (!PackMlTransitions.TryNext(PackMl, command, out _))
            return MethodOutcome.WrongState($"{Code}: {command} means nothing in state {PackMl}.");
        OperatorStandsBack();
        if (command is PackMlCommand.Hold or PackMlCommand.Stop or PackMlCommand.Abort) StopReason.Set(2);
        Fire(command);
        return MethodOutcome.Good;
    }

    private MethodOutcome Start(SignalValue[] arguments)
    {
        var recipe = arguments[1].AsString;
        if (PackMl != PackMlState.Idle) return MethodOutcome.WrongState($"{Code}: Start needs state Idle, the state is {PackMl}.");
        if (Mode.Value != 1) return MethodOutcome.WrongState($"{Code}: Start needs mode 1 (Produce), the mode is {Mode.Value}.");
        if (!GuardClosed.Value) return MethodOutcome.WrongState($"{Code}: Start needs the guard closed.");
        if (_alarms.Find(a => a is { Priority: 1, IsActive: true }) is { } alarm)
            return MethodOutcome.WrongState($"{Code}: Start is refused while alarm {alarm.Tag} is active.");
        if (recipe.Length > 0 && !_recipes.Contains(recipe)) return UnknownRecipe(recipe);
        if (recipe.Length > 0) RecipeId.Set(recipe);
        JobId.Set(arguments[0].AsString);
        return Command(PackMlCommand.Start);
    }

    private MethodOutcome SetMode(SignalValue[] arguments)
    {
        var mode = (int)arguments[0].AsInt64;
        if (mode is < 1 or > 3) return new(MethodOutcome.BadOutOfRange, $"{Code}: mode {mode} does not exist; use 1 to 3.");
        if (!AtRest) return MethodOutcome.WrongState($"{Code}: SetMode needs state Stopped or Idle, the state is {PackMl}.");
        OperatorStandsBack();
        Mode.Set(mode);
        return MethodOutcome.Good;
    }

    private MethodOutcome SetRecipe(SignalValue[] arguments)
    {
        if (!AtRest) return MethodOutcome.WrongState($"{Code}: SetRecipe needs state Stopped or Idle, the state is {PackMl}.");
        var recipe = arguments[0].AsString;
        if (!_recipes.Contains(recipe)) return UnknownRecipe(recipe);
        RecipeId.Set(recipe);
        return MethodOutcome.Good;
    }

    private MethodOutcome WriteSetPoint(SignalValue[] arguments)
    {
        var (tag, value, unit) = (arguments[0].AsString, arguments[1].AsDouble, arguments[2].AsString);
        if (!_setPoints.TryGetValue(tag, out var rule))
            return new(MethodOutcome.BadInvalidArgument, $"{Code} has no set point {tag}; it has {string.Join(", ", _setPoints.Keys)}.");
        var traits = rule.Signal.Traits;
        if (unit.Length > 0 && unit != traits.Unit)
            return new(MethodOutcome.BadInvalidArgument, $"{Code}: {tag} is set in {traits.Unit}, not {unit}.");
        if (!(value >= traits.Low && value <= traits.High))
            return new(MethodOutcome.BadOutOfRange, $"{Code}: {tag} must lie between {traits.Low} and {traits.High} {traits.Unit}.");
        if (Mode.Value != 1) return MethodOutcome.WrongState($"{Code}: SetPoint needs mode 1 (Produce), the mode is {Mode.Value}.");
        if (rule.LastWrite >= 0 && Now - rule.LastWrite < Clock.ToProcess(rule.MinimumInterval))
            return MethodOutcome.WrongState($"{Code}: {tag} was set less than {rule.MinimumInterval.TotalSeconds} s ago.");
        rule.LastWrite = Now;
        rule.Signal.Set(value);
        return MethodOutcome.Good;
    }

    private bool AtRest => PackMl is PackMlState.Stopped or PackMlState.Idle;

    private MethodOutcome UnknownRecipe(string recipe) =>
        new(MethodOutcome.BadInvalidArgument, $"{Code}: recipe {recipe} is not released; released are {string.Join(", ", _recipes)}.");
}
