using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Faults;

namespace FloorGateway.Simulators.Tests.Faults;

public sealed class SignalFaultTests
{
    private static readonly TimeSpan Begin = TimeSpan.FromSeconds(100.5), Length = TimeSpan.FromSeconds(60);

    private static FaultOrder Order(string fault, string signal, string param = "") =>
        new() { At = Begin, Unit = "DC01", Signal = signal, Fault = fault, Param = param, For = Length };

    private static FaultRun With(string fault, string signal, string param = "", double to = 200) =>
        new FaultRun(["DC01"], timeScale: 1, faults: Order(fault, signal, param)).To(to);

    private static FaultRun Sound(double to = 200) => new FaultRun(["DC01"], timeScale: 1).To(to);

    private static bool IsFaulty(RecordingSink.Change change) => change.Seconds is > 100.5 and < 160.5;

    [Fact]
    public void Stuck_signal_publishes_nothing_and_then_its_present_value()
    {
        using var run = With("F1", "Furnace.MetalTemp");
        using var sound = Sound();
        Assert.DoesNotContain(run.Of("Furnace.MetalTemp"), IsFaulty);
        Assert.Contains(sound.Of("Furnace.MetalTemp"), IsFaulty);
        Assert.Equal(sound.Of("Furnace.MetalTemp").Last(c => c.Seconds <= 160.5).Value.AsDouble, run.Of("Furnace.MetalTemp").First(c => c.Seconds >= 160.5).Value.AsDouble);
    }

    [Fact]
    public void Stuck_at_a_value_publishes_that_once()
    {
        using var run = With("F1", "Furnace.MetalTemp", "650.5");
        var during = run.Of("Furnace.MetalTemp").FindAll(c => c.Seconds is >= 100.5 and < 160.5);
        Assert.Equal(650.5, Assert.Single(during).Value.AsDouble);
    }

    [Fact]
    public void Drift_grows_with_process_time_and_ends_with_the_fault()
    {
        using var run = With("F2", "Furnace.MetalTemp", "600");
        using var sound = Sound();
        double At(FaultRun r, double seconds) => r.Of("Furnace.MetalTemp").Last(c => c.Seconds <= seconds).Value.AsDouble;
        Assert.Equal(10, At(run, 159.9) - At(sound, 159.9), 0.7);
        Assert.Equal(5, At(run, 130) - At(sound, 130), 0.7);
        Assert.Equal(At(sound, 160.5), At(run, 160.5));
        // A thermometer that is wrong still has its digits.
        Assert.All(run.Of("Furnace.MetalTemp"), c => Assert.Equal(Math.Round(c.Value.AsDouble, 3), c.Value.AsDouble));
    }

    [Fact]
    public void Spikes_are_single_samples_that_come_again_until_the_end()
    {
        using var run = With("F3", "Furnace.MetalTemp", "40");
        var high = run.Of("Furnace.MetalTemp").FindAll(c => c.Value.AsDouble > 715);
        Assert.InRange(high.Count, 4, 30);
        Assert.All(high, c => Assert.InRange(c.Seconds, 100.5, 160.5));
        Assert.True(run.Of("Furnace.MetalTemp")[^1].Value.AsDouble < 700);
    }

    [Fact]
    public void Bad_status_comes_at_once_and_goes_at_once()
    {
        using var run = With("F4", "Furnace.MetalTemp", "BadSensorFailure");
        var changes = run.Of("Furnace.MetalTemp");
        Assert.Equal(StatusCodes.BadSensorFailure, changes.First(c => c.Seconds >= 100.5).Status);
        Assert.Equal(100.5, changes.First(c => c.Status != 0).Seconds);
        Assert.All(changes.FindAll(IsFaulty), c => Assert.Equal(StatusCodes.BadSensorFailure, c.Status));
        Assert.Equal((160.5, 0u), (changes.First(c => c.Seconds >= 160.5).Seconds, changes.First(c => c.Seconds >= 160.5).Status));
        Assert.Equal(changes.Count(c => c.Status != 0), run.Log.Totals[run.Signal("Furnace.MetalTemp").Path].NotGood);
    }

    [Fact]
    public void Skewed_clock_moves_the_stamps_and_nothing_else()
    {
        using var run = With("F6", "", "-5");
        using var sound = Sound();
        var skewed = run.Sink.Changes.FindAll(IsFaulty);
        var right = sound.Sink.Changes.FindAll(IsFaulty);
        Assert.True(right.Count > 50);
        Assert.Equal(right.Select(c => (c.Signal.Path, c.SourceTicks - 5 * TimeSpan.TicksPerSecond)), skewed.Select(c => (c.Signal.Path, c.SourceTicks)));
    }

    [Fact]
    public void Duplicate_stamps_keep_every_value()
    {
        using var run = With("F11", "Furnace.MetalTemp");
        using var sound = Sound();
        Assert.Equal(sound.Of("Furnace.MetalTemp").Select(c => c.Value.AsDouble), run.Of("Furnace.MetalTemp").Select(c => c.Value.AsDouble));
        var during = run.Of("Furnace.MetalTemp").FindAll(IsFaulty);
        Assert.Equal(during.Count / 2, during.Zip(during.Skip(1)).Count(p => p.First.SourceTicks == p.Second.SourceTicks));
        Assert.Equal(during.Count / 2, run.Log.Totals[run.Signal("Furnace.MetalTemp").Path].NotIncreasing);
    }

    [Fact]
    public void Swapped_changes_keep_value_and_stamp_together()
    {
        using var run = With("F11", "Furnace.MetalTemp", "swapped");
        using var sound = Sound();
        Assert.NotEqual(sound.Of("Furnace.MetalTemp").Select(c => c.SourceTicks), run.Of("Furnace.MetalTemp").Select(c => c.SourceTicks));
        Assert.Equal(
            sound.Of("Furnace.MetalTemp").Select(c => (c.SourceTicks, c.Value.AsDouble)).Order(),
            run.Of("Furnace.MetalTemp").Select(c => (c.SourceTicks, c.Value.AsDouble)).Distinct().Where(c => sound.Of("Furnace.MetalTemp").Exists(s => s.SourceTicks == c.SourceTicks)).Order());
    }

    [Fact]
    public void Two_faults_on_one_signal_act_one_after_the_other()
    {
        using var run = new FaultRun(["DC01"], timeScale: 1, faults: [Order("F4", "Furnace.MetalTemp", "uncertain"), Order("F1", "Furnace.MetalTemp", "700")]);
        run.To(130);
        var last = run.Of("Furnace.MetalTemp")[^1];
        Assert.Equal((700, StatusCodes.Uncertain), (last.Value.AsDouble, last.Status));
    }

    [Fact]
    public void Nothing_equal_is_published_twice_in_a_row()
    {
        foreach (var (fault, param) in new[] { ("F1", ""), ("F2", "20"), ("F3", "5"), ("F4", "bad"), ("F6", "3"), ("F11", "swapped") })
        {
            using var run = With(fault, "Furnace.MetalTemp", param);
            var changes = run.Of("Furnace.MetalTemp");
            Assert.DoesNotContain(changes.Zip(changes.Skip(1)), p => p.First.Status == p.Second.Status && p.First.Value.AsDouble == p.Second.Value.AsDouble);
        }
    }

    [Fact]
    public void Truth_is_what_the_nodes_were_given_with_a_line_for_begin_and_end()
    {
        using var run = With("F3", "Furnace.MetalTemp", "40");
        var lines = run.Lines();
        Assert.Equal(run.Sink.Changes.Count, lines.Count(l => l.StartsWith("{\"path\"", StringComparison.Ordinal)));
        var begin = Assert.Single(lines, l => l.StartsWith("{\"event\":\"begin\"", StringComparison.Ordinal));
        Assert.Equal("""{"event":"begin","id":1,"fault":"F3","unit":"DC01","signal":"Furnace.MetalTemp","param":"40","time":"2027-03-15T00:01:40.5000000Z"}""", begin);
        Assert.Contains("\"time\":\"2027-03-15T00:02:40.5000000Z\"", Assert.Single(lines, l => l.StartsWith("{\"event\":\"end\"", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Same_seed_and_script_give_the_same_truth_however_time_is_sliced()
    {
        FaultOrder[] script = [Order("F3", "Furnace.MetalTemp", "40"), Order("F11", "Shot.Velocity", "swapped"), Order("F7", "", "2"), Order("F8", "")];
        using var one = new FaultRun(["DC01", "TT01"], faults: script).To(400);
        using var sliced = new FaultRun(["DC01", "TT01"], faults: script);
        for (var i = 1; i <= 800; i++) sliced.To(i / 2.0);
        using var other = new FaultRun(["DC01", "TT01"], seed: 4, faults: script).To(400);
        Assert.Equal(one.Log.Checksum, sliced.Log.Checksum);
        Assert.NotEqual(one.Log.Checksum, other.Log.Checksum);
    }
}
