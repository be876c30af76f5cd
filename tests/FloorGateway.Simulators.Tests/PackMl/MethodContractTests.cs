using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.PackMl;

/// <summary>The common methods on every equipment type: preconditions, outcome codes and the time until the read-back.</summary>
public sealed class MethodContractTests(ITestOutputHelper output)
{
    private const double StartLimit = 30, HoldLimit = 20;

    // Ovens, baths, rolls and pressing fluid are warmed up first.
    private static readonly Dictionary<string, double> SlowStart = new() { ["PNT"] = 40 * 60, ["COAT"] = 25 * 60, ["PCOAT"] = 25 * 60, ["WIP"] = 300, ["CAL"] = 600 };

    private readonly Dictionary<string, SignalValue[]> _arguments = new()
    {
        ["Start"] = [SignalValue.From("J1"), SignalValue.From("")], ["Hold"] = [SignalValue.From("test")], ["Abort"] = [SignalValue.From("test")],
        ["SetMode"] = [SignalValue.From(2)], ["SetRecipe"] = [SignalValue.From(""), SignalValue.From(1u)],
        ["SetPoint"] = [SignalValue.From(""), SignalValue.From(0.0), SignalValue.From("")],
        ["AckAlarm"] = [SignalValue.From(""), SignalValue.From(""), SignalValue.From("")], ["Shelve"] = [SignalValue.From(""), SignalValue.From(1.0), SignalValue.From("")],
        ["Disposition"] = [SignalValue.From(""), SignalValue.From("Scrap"), SignalValue.From("")],
    };

    // A meter and a mere load are no machines.
    public static TheoryData<string> Types => [.. EquipmentCatalogue.Types.Except(["MTR", "LOAD"])];

    [Theory]
    [MemberData(nameof(Types))]
    public void Commands_are_refused_and_taken_as_the_state_says_and_are_read_back_in_time(string type)
    {
        var unit = (EquipmentUnit)EquipmentCatalogue.Create(type + "01", Run.Context(new RecordingSink(_ => false)));
        unit.Advance(0);
        Until(unit, PackMlState.Execute, 3 * 3600);
        Refused(unit, MethodOutcome.BadInvalidState, "Start", "Unhold", "Clear", "Reset", "SetMode", "SetRecipe");
        Refused(unit, MethodOutcome.BadUserAccessDenied, "Suspend", "Unsuspend");
        unit.RemoteAllowed.Set(false);
        Refused(unit, MethodOutcome.BadUserAccessDenied, [.. _arguments.Keys, "Unhold", "Stop", "Clear", "Reset"]);
        unit.RemoteAllowed.Set(true);
        var hold = Command(unit, "Hold", PackMlState.Held);
        Refused(unit, MethodOutcome.BadInvalidState, "Start", "Hold", "Clear", "Reset");
        var unhold = Command(unit, "Unhold", PackMlState.Execute);
        var abort = Command(unit, "Abort", PackMlState.Aborted);
        Refused(unit, MethodOutcome.BadInvalidState, "Start", "Hold", "Unhold", "Reset", "Stop", "Abort");
        var clear = Command(unit, "Clear", PackMlState.Stopped);
        Refused(unit, MethodOutcome.BadInvalidState, "Start", "Hold", "Clear", "Stop");
        var reset = Command(unit, "Reset", PackMlState.Idle);
        Taken(unit, "SetMode");
        Refused(unit, MethodOutcome.BadInvalidState, "Start");
        Assert.True(unit.Call("SetMode", SignalValue.From(1)).IsGood);
        unit.GuardClosed.Set(false);
        Refused(unit, MethodOutcome.BadInvalidState, "Start");
        unit.GuardClosed.Set(true);
        var start = Command(unit, "Start", PackMlState.Execute);
        Taken(unit, "Stop");
        Until(unit, PackMlState.Stopped, 60);
        output.WriteLine($"{type}: Hold {hold:F0} s, Unhold {unhold:F0} s, Abort {abort:F0} s, Clear {clear:F0} s, Reset {reset:F0} s, Start {start:F0} s");
        Assert.InRange(hold, 0, HoldLimit);
        Assert.InRange(unhold, 0, HoldLimit);
        Assert.InRange(start, 0, SlowStart.GetValueOrDefault(type, StartLimit));
        Assert.InRange(Math.Max(Math.Max(abort, clear), reset), 0, HoldLimit);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_method_tells_what_it_is_and_what_its_arguments_are(string type)
    {
        var unit = EquipmentCatalogue.Create(type + "01", Run.Context(new RecordingSink(_ => false)));
        Assert.All(unit.Methods.Values.SelectMany(m => m.Inputs.Select(i => (m.Name, i))), a => Assert.True(a.i.Description.Length > 0, $"{a.Name}.{a.i.Name} has no description"));
        Assert.Subset(unit.Methods.Keys.ToHashSet(), _arguments.Keys.ToHashSet());
        Assert.All(_arguments.Keys, name => Assert.NotEmpty(unit.Methods[name].Description));
    }

    private double Command(EquipmentUnit unit, string method, PackMlState state)
    {
        var from = unit.Seconds;
        Taken(unit, method);
        Until(unit, state, 3 * 3600);
        return unit.Seconds - from;
    }

    private void Taken(Unit unit, string method)
    {
        var outcome = unit.Call(method, _arguments.GetValueOrDefault(method, []));
        Assert.True(outcome.IsGood, $"{method}: {outcome.Reason}");
    }

    private void Refused(EquipmentUnit unit, uint status, params string[] methods)
    {
        foreach (var method in methods)
        {
            var outcome = unit.Call(method, _arguments.GetValueOrDefault(method, []));
            Assert.True(outcome.Status == status, $"{unit.Code} in {unit.PackMl}: {method} gives 0x{outcome.Status:X8} {outcome.Reason}");
        }
    }

    private static void Until(EquipmentUnit unit, PackMlState state, double limit)
    {
        for (var from = unit.Seconds; unit.PackMl != state; unit.ForSeconds(0.5))
            Assert.True(unit.Seconds - from < limit, $"{unit.Code} is {unit.PackMl} and not {state} after {limit} s");
    }
}
