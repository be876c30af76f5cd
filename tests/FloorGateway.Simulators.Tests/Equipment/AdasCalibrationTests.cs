using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Equipment;

public sealed class AdasCalibrationTests
{
    private const int Draws = 20_000;

    private RecordingSink _sink = new();

    private AdasCalibration After(TimeSpan span, ulong seed = 1, bool @operator = true)
    {
        var bay = new AdasCalibration("ADAS01", Run.Context(_sink, seed, @operator: @operator));
        bay.Advance(0);
        bay.For(span);
        return bay;
    }

    [Fact]
    public void Each_iteration_leaves_35_per_cent_of_the_error_and_a_hundredth_of_a_degree()
    {
        var random = new RandomStream(1, "test");
        var variance = new double[SensorAlignment.MaxIterations + 1];
        for (var n = 0; n < Draws; n++)
        {
            var sensor = SensorAlignment.Draw(0.05, random);
            variance[0] += sensor.Errors[0] * sensor.Errors[0];
            for (var k = 1; k < variance.Length; k++)
            {
                sensor.Iterate(random);
                variance[k] += sensor.Errors[0] * sensor.Errors[0];
            }
        }

        for (var k = 0; k < variance.Length; k++) Assert.Equal(1, Math.Sqrt(variance[k] / Draws) / Sigma(k), 0.02);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.10)]
    [InlineData(0.03)]
    public void Sensors_converge_within_six_iterations_at_the_rate_of_the_model(double limit)
    {
        var random = new RandomStream(2, "test");
        var within = new int[SensorAlignment.MaxIterations + 1];
        int converged = 0, iterations = 0;
        for (var n = 0; n < Draws; n++)
        {
            var sensor = SensorAlignment.Draw(limit, random);
            var trace = SensorAlignment.Draw(limit, random);
            while (!sensor.IsDone) sensor.Iterate(random);
            if (sensor.HasConverged) converged++;
            iterations += sensor.Iterations;
            for (var k = 0; k < within.Length; k++)
            {
                if (trace.HasConverged) within[k]++;
                trace.Iterate(random);
            }
        }

        // All three angles within the limit after k iterations: the cube of the normal's share.
        for (var k = 0; k < within.Length; k++) Assert.Equal(Math.Pow(Share(limit / Sigma(k)), 3), within[k] / (double)Draws, 0.012);
        Assert.True(converged >= 0.999 * Draws, $"{converged}");
        Assert.InRange(iterations / (double)Draws, 2, 4.2);
    }

    [Fact]
    public void Vehicle_is_calibrated_in_420_seconds_and_left_within_the_limits()
    {
        _sink = new(s => s.Name is "CycleTime" or "Result.Angles" or "Result.Evaluation" or "Result.Id" or "Iteration");
        var bay = After(TimeSpan.FromHours(40));
        var times = _sink.Of(bay.CycleTime).Select(c => c.Value.AsDouble).Where(t => t > 0).Order().ToArray();
        Assert.Equal(420, times[times.Length / 2], 5.0);
        Assert.InRange(bay.RejectCount.Value / (double)(bay.GoodCount.Value + bay.RejectCount.Value), 0, 0.03);
        Assert.True(_sink.Of(bay.Iteration).Max(c => c.Value.AsInt64) <= 6);
        var verdict = 0L;
        double[] angles = [];
        foreach (var change in _sink.Changes)
        {
            if (change.Signal == bay.ResultEvaluation) verdict = change.Value.AsInt64;
            if (change.Signal == bay.FinalAngles) angles = (double[])change.Value.AsArray;
            if (change.Signal != bay.ResultId || verdict != 1) continue;
            for (var i = 0; i < 33; i++) Assert.True(Math.Abs(angles[i]) <= (i < 15 ? 0.05 : i < 30 ? 0.10 : 0.03));
        }
    }

    [Fact]
    public void Bent_bracket_raises_CONV_and_the_vehicle_goes_to_rework()
    {
        var bay = After(TimeSpan.FromSeconds(1));
        bay.BentBracket = 7;
        bay.For(TimeSpan.FromMinutes(30));
        Assert.Contains(_sink.Of(bay.ResultCode).Concat(_sink.Changes), c => c.Signal.Name == "Alarm.CONV" && c.Value.AsBoolean);
        bay.BentBracket = null;
        bay.For(TimeSpan.FromHours(3));
        Assert.Contains(_sink.Of(bay.ResultCode), c => c.Value.AsString == "CONV");
        Assert.Equal(PackMlState.Execute, bay.PackMl);
        Assert.Equal(0u, bay.EcuStatus.Value >> 31);
    }

    [Fact]
    public void Failing_lamps_raise_LUX_and_their_return_clears_it()
    {
        var bay = After(TimeSpan.FromMinutes(1));
        bay.LampLoss = 0.6;
        bay.ForSeconds(10);
        Assert.Contains(bay.Alarms, a => a is { Tag: "LUX", IsActive: true });
        Assert.Equal(PackMlState.Execute, bay.PackMl);
        bay.LampLoss = 0;
        bay.ForSeconds(10);
        Assert.DoesNotContain(bay.Alarms, a => a.IsActive);
    }

    [Fact]
    public void Silent_control_unit_wrong_software_and_a_moved_floor_are_found()
    {
        var bay = After(TimeSpan.FromSeconds(1));
        bay.EcuTimesOut = true;
        bay.For(TimeSpan.FromMinutes(8));
        Assert.Contains("ECU_TIMEOUT", bay.ResultCode.Value, StringComparison.Ordinal);
        bay.EcuTimesOut = false;
        bay.WrongSoftware = true;
        bay.For(TimeSpan.FromMinutes(9));
        Assert.Contains(bay.Alarms, a => a is { Tag: "SW_MISM", IsActive: true });
        bay.WrongSoftware = false;
        bay.FloorDrift = 0.1;
        bay.For(TimeSpan.FromHours(3));
        Assert.Contains("CROSS_CHECK", bay.ResultCode.Value, StringComparison.Ordinal);
        Assert.False(bay.DssadReady.Value && bay.Step.Value == 8);
    }

    [Fact]
    public void StartCalibration_needs_Idle_a_VIN_and_a_mask_and_does_what_the_mask_says()
    {
        var bay = After(TimeSpan.FromSeconds(10), @operator: false);
        var vin = Vin.Create(77);
        Assert.Equal(MethodOutcome.BadInvalidState, Start(bay, vin, 1).Status);
        Assert.True(bay.Call("Reset").IsGood);
        bay.ForSeconds(10);
        Assert.Equal(MethodOutcome.BadInvalidArgument, Start(bay, "NOT-A-VIN", 1).Status);
        Assert.Equal(MethodOutcome.BadInvalidArgument, Start(bay, vin, 1u << 11).Status);
        Assert.True(Start(bay, vin, 1u << 10).IsGood);
        bay.ForSeconds(30);
        Assert.Equal(PackMlState.Execute, bay.PackMl);
        Assert.Equal(vin, bay.PartId.Value);
        bay.For(TimeSpan.FromMinutes(10));
        Assert.Equal(PackMlState.Complete, bay.PackMl);
        Assert.Equal(1u, bay.GoodCount.Value + bay.RejectCount.Value);
        Assert.Equal(1u << 10, bay.EcuStatus.Value & 0x7FF);
        Assert.Equal(vin, bay.ResultPart.Value);
    }

    [Fact]
    public void Same_seed_gives_the_same_changes()
    {
        After(TimeSpan.FromMinutes(40), seed: 9);
        var first = FluidFillTests.Checksum(_sink);
        _sink = new();
        After(TimeSpan.FromMinutes(40), seed: 9);
        Assert.Equal(first, FluidFillTests.Checksum(_sink));
    }

    private static MethodOutcome Start(AdasCalibration bay, string vin, uint mask) =>
        bay.Call("StartCalibration", SignalValue.From(vin), SignalValue.From(mask));

    private static double Sigma(int k) =>
        Math.Sqrt(Math.Pow(0.35, 2 * k) * 0.36 + 1e-4 * (1 - Math.Pow(0.1225, k)) / (1 - 0.1225));

    // Share of a normal within ±z, by Simpson's rule.
    private static double Share(double z)
    {
        const int n = 400;
        var sum = 0.0;
        for (var i = 0; i <= n; i++) sum += (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-Math.Pow(z * i / n, 2) / 2);
        return 2 * sum * z / n / 3 / Math.Sqrt(2 * Math.PI);
    }
}
