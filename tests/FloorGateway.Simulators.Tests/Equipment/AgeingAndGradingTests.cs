using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class AgeingAndGradingTests
{
    private readonly RecordingSink _sink = new(s => s.Name is not ("TestTemp" or "RoomTemp" or "Heartbeat"));

    [Theory]
    [InlineData("SSB-S120", 0.92)]
    [InlineData("LIQ-L110", 0.95)]
    public void Yields_from_formation_to_graded_cell_emerge(string program, double expected)
    {
        var context = Run.Context(_sink);
        var random = new RandomStream(1, "yield");
        var (made, good, grades) = (0, 0, new int[5]);
        for (var i = 0; i < 600; i++)
        {
            var tray = FormedTrays.Make($"T-{i}", FormationProgram.Find(program)!, "JS1T01A", i * 36, context, random);
            FormedTrays.Age(tray, random);
            made += tray.Contents.Count;
            var passed = FormedTrays.GradeAll(tray, FormationProgram.Find(program)!, context, random);
            good += passed.Count;
            foreach (var cell in passed) grades[(int)cell[CellProperties.Grade]]++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{program}: yield {good / (double)made:F4}, A {grades[1] / (double)good:F3}, B {grades[2] / (double)good:F3}, C {grades[3] / (double)good:F3}");
        Assert.Equal(expected, good / (double)made, 0.008);
        Assert.True(grades[1] > grades[2] && grades[2] > grades[3] && grades[3] > 0);
        Assert.Equal(made - good, context.Parts.Ended(PartKind.Cell, PartFate.Scrapped));
    }

    [Theory]
    [InlineData(0.49, 0.02, true, 1)]
    [InlineData(-0.5, 0.02, true, 2)]
    [InlineData(0.99, 0.02, true, 2)]
    [InlineData(-1.0, 0.02, true, 3)]
    [InlineData(1.6, 0.02, true, 4)]
    [InlineData(0, 0.061, true, 4)]
    [InlineData(0, 0.02, false, 4)]
    [InlineData(0, double.NaN, true, 4)]
    [InlineData(double.NaN, 0.02, true, 4)]
    public void Grades_follow_capacity_and_self_discharge(double deviation, double k, bool good, int grade) =>
        Assert.Equal(grade, GradingStation.GradeOf(deviation, k, good));

    [Fact]
    public void Trays_stand_a_day_warm_and_two_or_five_cold()
    {
        var room = new AgeingRoom("AGE01", Run.Context(_sink));
        room.Advance(0);
        room.For(TimeSpan.FromHours(150));
        var hours = _sink.Of(room.ResultHours).Skip(1).Select(c => c.Value.AsDouble).ToArray();
        Assert.All(hours, h => Assert.True(Math.Abs(h - 72) < 0.2 || Math.Abs(h - 144) < 0.2, $"{h}"));
        Assert.Contains(hours, h => h < 73);
        Assert.Contains(hours, h => h > 143);
        Assert.InRange(_sink.Of(room.MeasuredTray)[1].Seconds / 3600, 24, 24.1);
        Assert.Equal((uint)_sink.Of(room.ResultTray).Count - 1, room.GoodCount.Value);
        Assert.Equal(room.TrayCount.Value, (uint)room.InWork.Count());
    }

    [Fact]
    public void Trays_of_earlier_days_come_out_one_a_minute_from_the_first_on()
    {
        var context = Run.Context(_sink);
        var room = new AgeingRoom("AGE01", context);
        var grading = new GradingStation("GRD01", context);
        var (formed, aged) = (new PartBuffer("formed", PartKind.Tray, 40), new PartBuffer("aged", PartKind.Tray, 40));
        room.Inlets[0].Connect(formed);
        room.Outlets[0].Connect(aged);
        grading.Inlets[0].Connect(aged);
        var random = new RandomStream(1, "stock");
        room.Stock(Enumerable.Range(0, 100).Select(i => FormedTrays.Make($"FR01-STOCK-{i}", i % 2 == 0 ? FormationProgram.Liquid : FormationProgram.SolidState, "JS1T01A", i * 36, context, random)));
        new World([room, grading]).Advance(TimeSpan.FromHours(1).Ticks);
        Assert.InRange(room.GoodCount.Value, 50u, 60u);
        Assert.Equal(0.94, grading.GoodCount.Value / (double)(grading.GoodCount.Value + grading.RejectCount.Value), 0.025);
        Assert.All(_sink.Of(room.ResultHours).Skip(1), h => Assert.True(Math.Abs(h.Value.AsDouble - 72) < 0.3 || Math.Abs(h.Value.AsDouble - 144) < 0.3));
        Assert.Equal(context.Parts.InStock(PartKind.Tray), room.InWork.Count() + aged.Count + grading.InWork.Count());
    }

    [Fact]
    public void A_room_out_of_its_limits_ages_nothing_and_raises_its_alarm()
    {
        var room = new AgeingRoom("AGE01", Run.Context(_sink));
        room.Advance(0);
        room.For(TimeSpan.FromHours(1));
        room.ClimateError = -8;
        room.For(TimeSpan.FromHours(6));
        Assert.Contains(_sink.Of(room.Alarms.Single(a => a.Tag == "ROOM").Signal), c => c.Value.AsBoolean);
        room.ClimateError = 0;
        room.For(TimeSpan.FromHours(25));
        Assert.False(room.Alarms.Single(a => a.Tag == "ROOM").IsActive);
        var first = _sink.Of(room.MeasuredTray).Skip(1).First().Seconds / 3600;
        Assert.InRange(first, 29.5, 31.5); // 24 h and the six lost ones, less the way of the air
    }

    [Fact]
    public void A_tray_a_minute_is_measured_and_graded()
    {
        var station = Station(out var context);
        station.For(TimeSpan.FromHours(2));
        Assert.InRange(_sink.Of(station.ResultTray).Count - 1, 110, 121);
        var k = _sink.Of(station.KValue).Skip(1).SelectMany(c => (float[])c.Value.AsArray).Where(v => v < 0.06).ToArray();
        Assert.Equal(0.02, k.Average(), 0.0005);
        Assert.Equal(0.006, Math.Sqrt(k.Average(v => (v - k.Average()) * (v - k.Average()))), 0.0005);
        var acir = _sink.Of(station.Acir).Skip(1).SelectMany(c => (float[])c.Value.AsArray).ToArray();
        Assert.Equal(0.55, acir.Average(), 0.002);
        Assert.Equal(0.02, Math.Sqrt(acir.Average(v => (v - 0.55) * (v - 0.55))), 0.002);
        var total = station.GoodCount.Value + station.RejectCount.Value;
        Assert.Equal(0.94, station.GoodCount.Value / (double)total, 0.015); // half liquid, half solid state
        Assert.Equal(context.Parts.Made(PartKind.Cell), context.Parts.Ended(PartKind.Cell, PartFate.Shipped)
            + context.Parts.Ended(PartKind.Cell, PartFate.Scrapped) + station.InWork.Sum(t => t.Contents.Count));
        Assert.All(_sink.Of(station.CellIds)[^1].Value.AsArray.Cast<string>(), id => Assert.True(BatteryCode.IsValid(id), id));
    }

    [Fact]
    public void A_contaminated_lot_is_held_until_it_is_released()
    {
        var station = Station(out _, @operator: false);
        station.Call("Reset");
        station.ForSeconds(6);
        station.Call("Start", SignalValue.From("J"), SignalValue.From(""));
        station.For(TimeSpan.FromMinutes(5));
        Assert.Equal(MethodOutcome.BadInvalidState, station.Call("ReleaseLot", SignalValue.From("x")).Status);
        station.LotContamination = 0.045;
        station.For(TimeSpan.FromMinutes(10));
        Assert.Equal(PackMlState.Held, station.PackMl);
        Assert.NotEqual("", station.HeldLot.Value);
        Assert.Equal(MethodOutcome.BadInvalidArgument, station.Call("ReleaseLot", SignalValue.From("x")).Status);
        station.LotContamination = 0;
        station.Call("Unhold");
        station.ForSeconds(30);
        Assert.Equal(PackMlState.Unholding, station.PackMl);
        Assert.True(station.Call("ReleaseLot", SignalValue.From(station.HeldLot.Value)).IsGood);
        station.ForSeconds(10);
        Assert.Equal(PackMlState.Execute, station.PackMl);
        Assert.False(station.Alarms.Single(a => a.Tag == "K_RATE").IsActive);
    }

    [Fact]
    public void Faults_of_meter_and_reader_show_in_the_arrays()
    {
        var station = Station(out _);
        station.ForSeconds(200);
        station.NaNChannel = 5;
        station.SwappedOrder = true;
        station.ForSeconds(130);
        Assert.True(float.IsNaN(station.Ocv.Value[4]));
        var tray = station.InWork.SingleOrDefault();
        if (tray is not null) Assert.Equal(tray.Contents[^1].Id, station.CellIds.Value[0]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        static ulong Checksum(ulong seed)
        {
            var log = new TruthLog(null);
            var context = Run.Context(log, seed);
            new AgeingRoom("AGE01", context).Advance(TimeSpan.FromHours(25).Ticks);
            new GradingStation("GRD01", context).Advance(TimeSpan.FromMinutes(30).Ticks);
            return log.Checksum;
        }

        Assert.Equal(Checksum(1), Checksum(1));
        Assert.NotEqual(Checksum(1), Checksum(2));
    }

    private GradingStation Station(out UnitContext context, bool @operator = true)
    {
        context = Run.Context(_sink, @operator: @operator);
        var station = new GradingStation("GRD01", context);
        station.Advance(0);
        return station;
    }
}
