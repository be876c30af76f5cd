using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.PackMl;

public sealed class OperatorMethodTests
{
    private readonly RecordingSink _sink = new();

    private DieCastCell Cell()
    {
        var cell = new DieCastCell("DC01", Run.Context(_sink, timeScale: 10));
        cell.Advance(0);
        cell.ForSeconds(60);
        return cell;
    }

    private static AlarmBit Alarm(EquipmentUnit unit, string id) => unit.FindAlarm(id) ?? throw new KeyNotFoundException(id);

    private static uint Ack(Unit unit, string alarm, string occurrence = "") => unit.Call("AckAlarm", SignalValue.From(alarm), SignalValue.From(occurrence), SignalValue.From("seen")).Status;

    private static uint Shelve(Unit unit, string alarm, double minutes) => unit.Call("Shelve", SignalValue.From(alarm), SignalValue.From(minutes), SignalValue.From("known")).Status;

    [Fact]
    public void An_alarm_waits_for_its_acknowledgement_also_when_it_is_over()
    {
        var cell = Cell();
        var alarm = Alarm(cell, "MET_LO");
        Assert.Equal(MethodOutcome.BadInvalidState, Ack(cell, "MET_LO"));
        alarm.Set(true);
        Assert.False(alarm.IsAcked);
        Assert.Equal(MethodOutcome.BadInvalidArgument, Ack(cell, "MET_LO", "7"));
        alarm.Set(false);
        Assert.False(alarm.IsAcked);
        Assert.Equal(0u, Ack(cell, "DC01.FURNACE.MET_LO", "1"));
        Assert.True(alarm.IsAcked);
        Assert.Equal(MethodOutcome.BadInvalidState, Ack(cell, "MET_LO"));
        alarm.Set(true);
        Assert.False(alarm.IsAcked);
        Assert.Equal(2u, alarm.Occurrences);
    }

    [Fact]
    public void Alarms_are_named_by_tag_work_unit_or_node()
    {
        var cell = Cell();
        Assert.Null(cell.FindAlarm("TCU_FLOW")); // six have it
        Assert.Equal("TCU3", Alarm(cell, "TCU3.TCU_FLOW").Signal.SubUnit);
        Assert.Equal("TCU3", Alarm(cell, "ns=3;s=DC01.TCU3.Alarm.TCU_FLOW.Condition").Signal.SubUnit);
        Assert.Equal("FLASH", Alarm(cell, "DC01.Alarm.FLASH").Tag);
        Assert.Equal(MethodOutcome.BadInvalidArgument, Ack(cell, "TCU_FLOW"));
    }

    [Fact]
    public void An_alarm_is_shelved_for_an_hour_at_most_and_P1_never()
    {
        var cell = Cell();
        Assert.Equal(MethodOutcome.BadInvalidState, Shelve(cell, "FLASH", 5));
        Assert.Equal(MethodOutcome.BadOutOfRange, Shelve(cell, "MET_LO", 61));
        Assert.Equal(MethodOutcome.BadOutOfRange, Shelve(cell, "MET_LO", double.NaN));
        Assert.Equal(MethodOutcome.BadInvalidState, Shelve(cell, "MET_LO", 0));
        Assert.Equal(0u, Shelve(cell, "MET_LO", 1));
        var alarm = Alarm(cell, "MET_LO");
        Assert.NotEqual(0, alarm.ShelvedUntil);
        cell.ForSeconds(599); // a minute on the wall is ten of process time at this scale
        Assert.NotEqual(0, alarm.ShelvedUntil);
        cell.ForSeconds(2);
        Assert.Equal(0, alarm.ShelvedUntil);
        Shelve(cell, "MET_LO", 1);
        cell.ForSeconds(10);
        Shelve(cell, "MET_LO", 60);
        cell.ForSeconds(600);
        Assert.NotEqual(0, alarm.ShelvedUntil);
        Assert.Equal(0u, Shelve(cell, "MET_LO", 0));
        Assert.Equal(0, alarm.ShelvedUntil);
    }

    [Fact]
    public void Clear_waits_until_the_cause_of_a_P1_alarm_is_gone()
    {
        var coater = new Coater("COAT01", Run.Context(_sink));
        coater.Advance(0);
        var alarm = Alarm(coater, "LEL_HI");
        Assert.False(alarm.Latched);
        coater.Call("Abort", SignalValue.From("test"));
        coater.ForSeconds(10);
        alarm.Set(true);
        Assert.Equal(MethodOutcome.BadInvalidState, coater.Call("Clear").Status);
        alarm.Set(false);
        Assert.True(coater.Call("Clear").IsGood);
    }
}
