using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class PackEndOfLineTests
{
    private RecordingSink _sink = new();

    private PackEndOfLine After(TimeSpan span, ulong seed = 1, bool @operator = true)
    {
        var stand = new PackEndOfLine("PE01", Run.Context(_sink, seed, @operator: @operator));
        stand.Advance(0);
        stand.For(span);
        return stand;
    }

    [Fact]
    public void Sound_packs_measure_what_the_model_says()
    {
        _sink = new(s => s.Traits.Length == 0 && s.Name is not ("TestVoltage" or "TestCurrent" or "HipotVoltage" or "AmbientTemp" or "Heartbeat"));
        var stand = After(TimeSpan.FromHours(100));
        Assert.Equal(216 * 3.61, Values(stand.PackOcv).Average(), 0.1);
        Assert.All(Values(stand.PackOcv), v => Assert.InRange(v, 778, 790));
        Assert.Equal(5.6, Values(stand.CellDelta).Average(), 0.3);
        Assert.Equal(80, Values(stand.Insulation).Average(), 1.5);
        Assert.Equal(10, Deviation(Values(stand.Insulation)), 1.0);
        Assert.Equal(91.5, Values(stand.Dcir).Average(), 0.15);
        Assert.True(Values(stand.PeRes).Max() < 40);
        Assert.True(Values(stand.HipotLeak).Max() < 1);
        Assert.InRange(stand.RejectCount.Value / (double)(stand.RejectCount.Value + stand.GoodCount.Value), 0, 0.01);
        Assert.Equal(540, Values(stand.CycleTime).Order().ElementAt(Values(stand.CycleTime).Length / 2), 4.0);
    }

    [Fact]
    public void Cell_voltages_sum_to_the_pack_and_the_pulse_gives_its_resistance()
    {
        var stand = After(TimeSpan.FromMinutes(10));
        var cells = (float[])_sink.Of(stand.CellV)[1].Value.AsArray;
        Assert.Equal(216, cells.Length);
        var pack = _sink.Of(stand.PackOcv)[1].Value.AsDouble;
        Assert.Equal(pack, cells.Sum(v => (double)v), 0.01);
        // Cells are shown in steps of 0.1 mV.
        Assert.Equal(1000 * (cells.Max() - cells.Min()), _sink.Of(stand.CellDelta)[1].Value.AsDouble, 0.2);
        var lowest = _sink.Of(stand.TestVoltage).Select(c => c.Value.AsDouble).Where(v => v > 0).Min();
        Assert.Equal(stand.Dcir.Value, (pack - lowest) / 300 * 1000, 0.6);
        Assert.Equal(300, _sink.Of(stand.TestCurrent).Max(c => c.Value.AsDouble));
        Assert.Equal(2700, _sink.Of(stand.HipotVoltage).Max(c => c.Value.AsDouble));
    }

    [Fact]
    public void Wrong_cell_raises_DELTA()
    {
        var stand = After(TimeSpan.FromSeconds(1));
        stand.WrongCell = 25;
        stand.For(TimeSpan.FromMinutes(5));
        Assert.Contains(stand.Alarms, a => a is { Tag: "DELTA", IsActive: true });
        Assert.Equal(PackMlState.Held, stand.PackMl);
        stand.WrongCell = 0;
        stand.For(TimeSpan.FromHours(2));
        Assert.Contains(_sink.Of(stand.ResultCode), c => c.Value.AsString == "DELTA");
    }

    [Fact]
    public void Damp_pack_raises_ISO_and_the_stand_aborts()
    {
        var stand = After(TimeSpan.FromSeconds(1));
        stand.Damp = 90;
        stand.For(TimeSpan.FromSeconds(240));
        Assert.Contains(stand.Alarms, a => a is { Tag: "ISO", IsActive: true });
        Assert.True(stand.PackMl is PackMlState.Aborting or PackMlState.Aborted);
        Assert.Equal(2, stand.ResultEvaluation.Value);
        Assert.Equal("ISO", stand.ResultCode.Value);
        Assert.False(stand.Contactor.Value);
        stand.Damp = 0;
        stand.For(TimeSpan.FromHours(2));
        Assert.Equal(PackMlState.Execute, stand.PackMl);
        Assert.DoesNotContain(stand.Alarms, a => a.IsActive);
    }

    [Fact]
    public void Silent_battery_management_is_found_and_no_pulse_is_given()
    {
        var stand = After(TimeSpan.FromSeconds(1));
        stand.BmsIsSilent = true;
        stand.For(TimeSpan.FromMinutes(10));
        Assert.Contains("BMS_COMM", stand.ResultCode.Value, StringComparison.Ordinal);
        Assert.Equal(0, _sink.Of(stand.TestCurrent).Max(c => c.Value.AsDouble));
    }

    [Fact]
    public void Same_seed_gives_the_same_changes()
    {
        After(TimeSpan.FromMinutes(30), seed: 9);
        var first = FluidFillTests.Checksum(_sink);
        _sink = new();
        After(TimeSpan.FromMinutes(30), seed: 9);
        Assert.Equal(first, FluidFillTests.Checksum(_sink));
    }

    private double[] Values(Signal signal) => [.. _sink.Of(signal).Skip(1).Select(c => c.Value.AsDouble)];

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
