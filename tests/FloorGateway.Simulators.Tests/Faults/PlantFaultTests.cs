using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Faults;

namespace FloorGateway.Simulators.Tests.Faults;

public sealed class PlantFaultTests
{
    private static readonly string[] AllTypes =
    [
        "DC01", "RB001", "PNT01", "SPL01", "SPV001", "MAR01", "TT01", "FF01", "GL01", "ADAS01", "RT01", "FC01", "MIX01", "COAT01", "CAL01", "STK10", "WIP01",
        "DRY01", "WLD08", "ELF01", "FR01", "AGE01", "GRD01", "M01", "P01", "LK01", "PE01", "PCOAT01", "PSTK01", "PFR01",
    ];

    private static FaultOrder Order(string unit, string fault, string param = "", double at = 100, double length = 60, string signal = "") =>
        new() { At = TimeSpan.FromSeconds(at), Unit = unit, Signal = signal, Fault = fault, Param = param, For = TimeSpan.FromSeconds(length) };

    [Fact]
    public void Server_faults_reach_the_server_and_end()
    {
        using var run = new FaultRun(["DC01"], faults: [Order("DC01", "F5"), Order("all", "F10", at: 170, length: 10)]);
        run.To(120);
        Assert.Equal(["cut"], run.Server.Done);
        Assert.Equal(["DC01 F5"], run.Server.Shown);
        run.To(300);
        Assert.Equal(["cut", "mended", "down", "back"], run.Server.Done);
        Assert.Empty(run.Server.Shown);
    }

    [Fact]
    public void Slow_server_shows_all_changes_in_order_but_late()
    {
        using var slow = new FaultRun(["DC01", "TT01"], timeScale: 10, faults: Order("TT01", "F7", "2"));
        using var sound = new FaultRun(["DC01", "TT01"], timeScale: 10);
        slow.To(200);
        sound.To(200);
        Assert.Equal(sound.Log.Count, slow.Log.Count);
        Assert.Equal(sound.Sink.Changes.Select(c => (c.Signal.Path, c.SourceTicks)), slow.Sink.Changes.Select(c => (c.Signal.Path, c.SourceTicks)));
        // The delay is 2 s of the clock, so 20 process seconds; what the unit's clock says at the node is the moment of showing.
        var late = slow.Sink.Changes.FindAll(c => c.SourceTicks > Run.Start.AddSeconds(10).Ticks && c.SourceTicks < Run.Start.AddSeconds(13).Ticks);
        Assert.NotEmpty(late);
    }

    [Fact]
    public void Forced_nok_rejects_parts_of_every_type_that_judges_them()
    {
        foreach (var code in (string[])["FF01", "RT01", "WLD08", "STK10"])
        {
            using var run = new FaultRun([code], faults: Order(code, "F8", at: 0, length: 3000));
            run.To(3000);
            Assert.True(run.Of("RejectCount")[^1].Value.AsInt64 > 0, $"{code}: {run.Of("RejectCount")[^1].Value.AsInt64} rejects");
            Assert.Equal(0, run.Of("GoodCount")[^1].Value.AsInt64);
        }
    }

    [Fact]
    public void Forced_nok_fails_every_joint()
    {
        using var run = new FaultRun(["TT01"], faults: Order("TT01", "F8", at: 0, length: 3000)).To(3000);
        Assert.Equal([0, 2], run.Of("ResultEvaluation").Select(c => (int)c.Value.AsInt64).Distinct());
    }

    [Fact]
    public void Jam_holds_the_machine_until_the_fault_ends()
    {
        using var run = new FaultRun(["TT01"], faults: Order("TT01", "F9", at: 60, length: 45));
        run.To(200);
        var states = run.Of("State");
        Assert.InRange(states.First(s => s.Value.AsInt64 == 11).Seconds, 60, 66);
        Assert.InRange(states.First(s => s.Seconds > 62 && s.Value.AsInt64 == 12).Seconds, 105, 105);
    }

    [Fact]
    public void Every_fault_of_every_type_can_be_injected_and_cleared()
    {
        foreach (var code in AllTypes)
        {
            using var run = new FaultRun([code]);
            run.To(30);
            foreach (var fault in FaultCatalogue.Of(run.Units[0]))
            {
                var signal = fault.NeedsSignal ? run.Units[0].Signals.First(s => s.Name == "CycleTime").Name : "";
                run.Bench.Inject(Order(code, fault.Code, fault.Standard is null ? "3" : "", at: 0, length: 3600, signal: signal));
            }

            run.To(40);
            Assert.Equal(FaultCatalogue.Of(run.Units[0]).Count, run.Bench.Active.Count);
            run.Bench.Clear();
            Assert.Empty(run.Bench.Active);
            run.To(60);
        }
    }

    [Fact]
    public void Every_equipment_type_has_the_faults_the_plant_names()
    {
        using var run = new FaultRun(AllTypes);
        string[] Own(string code) => [.. FaultCatalogue.Of(run.Units.Single(u => u.Code == code)).Where(f => f.Code[0] != 'F').Select(f => f.Code)];
        Assert.Superset(new HashSet<string> { "vacuum-leak", "nozzle-blocked", "counter-rollover" }, Own("DC01").ToHashSet());
        Assert.Superset(new HashSet<string> { "torque-scale", "numbers-as-text", "result-late", "result-twice" }, Own("TT01").ToHashSet());
        Assert.Superset(new HashSet<string> { "channel-offset", "buffered-loss" }, Own("FR01").ToHashSet());
        // The line is the vehicles' common ground, and every other type can break in its own way.
        Assert.All(AllTypes.Where(c => c != "SPL01"), c => Assert.NotEmpty(Own(c)));
    }

    [Fact]
    public void Buffered_loss_turns_values_bad_and_delivers_them_later_in_order()
    {
        using var lost = new FaultRun(["FR01"], timeScale: 1, faults: Order("FR01", "buffered-loss", at: 600, length: 300)).To(1000);
        using var sound = new FaultRun(["FR01"], timeScale: 1).To(1000);
        var at = lost.Units[0].Signals.Single(s => s.NodeName == "FR01.TRAY01.Voltage");
        var changes = lost.Sink.Of(at);
        Assert.Equal(StatusCodes.BadNoCommunication, changes.First(c => c.Seconds >= 600).Status);
        Assert.DoesNotContain(changes, c => c.Seconds is > 600 and < 900);
        var right = sound.Sink.Of(sound.Units[0].Signals.Single(s => s.NodeName == "FR01.TRAY01.Voltage")).FindAll(c => c.Seconds > 601);
        Assert.Superset(right.Select(c => c.SourceTicks).ToHashSet(), changes.Select(c => c.SourceTicks).ToHashSet());
        Assert.Equal(0, lost.Log.Totals[at.Path].NotIncreasing);
    }

    [Fact]
    public void Result_sent_twice_repeats_the_old_stamp()
    {
        using var run = new FaultRun(["TT01"], faults: Order("TT01", "result-twice", at: 0, length: 300)).To(300);
        var ids = run.Of("Result.Id");
        Assert.Contains(ids.Zip(ids.Skip(1)), p => p.Second.SourceTicks < p.First.SourceTicks);
        Assert.True(run.Log.Totals[run.Signal("Result.Id").Path].NotIncreasing > 0);
    }

    [Fact]
    public void Numbers_as_text_change_the_type_on_the_wire()
    {
        using var run = new FaultRun(["TT01"], faults: Order("TT01", "numbers-as-text", at: 0, length: 300)).To(300);
        Assert.Contains(run.Of("FinalTorque"), c => c.Value.Type == SignalType.String && c.Value.AsString.Contains('.', StringComparison.Ordinal));
    }

    [Fact]
    public void Blocked_spray_nozzle_warms_its_zone_cycle_by_cycle()
    {
        using var run = new FaultRun(["DC01"], timeScale: 1, faults: Order("DC01", "nozzle-blocked", "3", at: 0, length: 7200)).To(7200);
        using var sound = new FaultRun(["DC01"], timeScale: 1).To(7200);
        static double Zone3(FaultRun r) => r.Of("Die.Temp").FindAll(c => c.Seconds > 6000).Average(c => ((double[])c.Value.AsArray)[2]);
        Assert.True(Zone3(run) > Zone3(sound) + 2, $"{Zone3(run)} against {Zone3(sound)}");
    }

    [Fact]
    public void Order_says_all_that_is_wrong_with_it()
    {
        using var run = new FaultRun(["DC01", "FR01"]);
        string[] Of(FaultOrder order) => [.. FaultCheck.Of(order, run.Bench.Targets).Select(p => p.Field)];
        Assert.Empty(Of(Order("DC01", "spike", "3", signal: "Biscuit")));
        Assert.Equal(["Unit"], Of(Order("DC09", "F1")));
        Assert.Equal(["Fault"], Of(Order("DC01", "F12")));
        Assert.Equal(["Signal", "Param"], Of(Order("DC01", "F3")));
        Assert.Equal(["Signal", "Param"], Of(Order("DC01", "F2", "much", signal: "Biskuit")));
        Assert.Equal(["Signal"], Of(Order("DC01", "F2", "1", signal: "PartId")));
        Assert.Equal(["Signal"], Of(Order("FR01", "F1", signal: "Voltage")));
        Assert.Equal(["Param"], Of(Order("DC01", "F4", "worse")));
        Assert.Equal(["Param"], Of(Order("DC01", "F7", "90")));
        Assert.Equal(["Signal", "Param"], Of(Order("DC01", "F5", "1", signal: "Biscuit")));
        Assert.Equal(["Unit"], Of(Order("all", "F9")));
        Assert.Equal(["At", "For"], Of(Order("DC01", "F1", at: -1, length: -1)));
    }
}
