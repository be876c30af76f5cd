using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Tests.Engine;

public sealed class SignalTests
{
    private sealed class Probe : Unit
    {
        public Probe(UnitContext context)
            : base("XX01", "LXE/JSH/CAS/L01/XX01", "MAIN", context)
        {
            Level = Analog("MAIN", "Level", "MMT", 0, 100, 100, 0.5, 10);
            Array = FloatArray("TRAY02", "Voltage", "VLT", 0, 5, 100, 0.01f, 3, 1);
            Flag = Add("MAIN", "Flag", false);
            Meter = Analog("MAIN", "Meter", "KWH", 0, 1000, 0, 0, 0.123, resolution: 0.1);
            Exact = Analog("MAIN", "Exact", "KWH", 0, 1000, 0, 0, 0.123_456_789, resolution: 0);
            Profile = FloatArray("MAIN", "Profile", "VLT", 0, 5, 100, 0, 2, 1, resolution: 0.01);
            Grid = Every(100, () => Samples.Add(Now));
        }

        public Signal<double> Level { get; }
        public Signal<float[]> Array { get; }
        public Signal<bool> Flag { get; }
        public Signal<double> Meter { get; }
        public Signal<double> Exact { get; }
        public Signal<float[]> Profile { get; }
        public Sampler Grid { get; }
        public List<long> Samples { get; } = [];
        public override string NamespaceUri => "urn:test";
        public override string DisplayName => "试";
        public ScheduledEvent Later(double seconds, Action action) => After(seconds, action);
        protected override void OnStarted() { }
    }

    private readonly RecordingSink _sink = new();

    private Probe Started(double timeScale = 1)
    {
        var probe = new Probe(Run.Context(_sink, timeScale: timeScale));
        probe.Advance(0);
        return probe;
    }

    [Fact]
    public void Initial_values_are_published_once_at_the_start_of_the_run()
    {
        var probe = Started();
        Assert.Equal(probe.Signals, _sink.Changes.Select(c => c.Signal));
        Assert.All(_sink.Changes, c => Assert.Equal(Run.Start.Ticks, c.SourceTicks));
    }

    [Fact]
    public void Path_and_node_name_follow_the_work_unit()
    {
        var probe = Started();
        Assert.Equal("LXE/JSH/CAS/L01/XX01/MAIN/Level", probe.Level.Path);
        Assert.Equal("XX01.Level", probe.Level.NodeName);
        Assert.Equal("LXE/JSH/CAS/L01/XX01/TRAY02/Voltage", probe.Array.Path);
        Assert.Equal("XX01.TRAY02.Voltage", probe.Array.NodeName);
    }

    [Fact]
    public void Changes_inside_the_deadband_are_kept_back_until_they_add_up()
    {
        var probe = Started();
        Assert.False(probe.Level.Set(10.3));
        Assert.True(probe.Level.Set(10.5));
        Assert.False(probe.Level.Set(10.1));
        Assert.True(probe.Level.Set(10.1, status: 0x4000_0000));
        Assert.Equal(3, _sink.Of(probe.Level).Count);
    }

    [Fact]
    public void Arrays_are_published_when_one_element_moves_and_are_snapshots()
    {
        var probe = Started();
        float[] buffer = [1, 1, 1.005f];
        Assert.False(probe.Array.Set(buffer));
        buffer[2] = 1.02f;
        Assert.True(probe.Array.Set(buffer));
        buffer[2] = 9;
        Assert.Equal(1.02f, ((float[])_sink.Of(probe.Array)[^1].Value.AsArray)[2]);
    }

    [Fact]
    public void Published_is_what_the_instrument_shows_and_the_machine_goes_on_with_the_exact_value()
    {
        var probe = Started();
        Assert.Equal(0.1, _sink.Of(probe.Meter)[0].Value.AsDouble);
        // 100 steps of which none alone would show.
        for (var i = 0; i < 100; i++) probe.Meter.Set(probe.Meter.Value + 0.004);
        Assert.Equal(0.523, probe.Meter.Value, 12);
        Assert.Equal([0.1, 0.2, 0.3, 0.4, 0.5], _sink.Of(probe.Meter).Select(c => c.Value.AsDouble));
        Assert.Equal(0.5, probe.Meter.Published.AsDouble);
    }

    [Fact]
    public void A_status_passes_though_the_shown_value_is_the_same()
    {
        var probe = Started();
        Assert.False(probe.Meter.Set(0.124));
        Assert.True(probe.Meter.Set(0.125, status: 0x4000_0000));
        Assert.Equal(0.1, probe.Meter.Published.AsDouble);
    }

    [Fact]
    public void Arrays_are_shown_element_by_element()
    {
        var probe = Started();
        Assert.False(probe.Profile.Set([1.004f, 0.996f]));
        Assert.True(probe.Profile.Set([1.006f, 3.14159f]));
        Assert.Equal([1.01f, 3.14f], (float[])probe.Profile.Published.AsArray);
        Assert.Equal([1.006f, 3.14159f], probe.Profile.Value);
    }

    [Fact]
    public void The_range_gives_the_resolution_where_none_is_declared_and_0_shows_all_digits()
    {
        var probe = Started();
        Assert.Equal(0.001, probe.Level.Resolution.Step);
        Assert.Equal(0.0001, probe.Array.Resolution.Step);
        Assert.False(probe.Flag.Resolution.Rounds);
        Assert.Equal(0.123_456_789, probe.Exact.Published.AsDouble);
    }

    [Fact]
    public void Two_changes_of_one_signal_in_one_instant_get_two_timestamps()
    {
        var probe = Started(timeScale: 600);
        for (var i = 0; i < 50; i++) probe.Flag.Set(i % 2 == 0);
        var stamps = _sink.Of(probe.Flag).Select(c => c.SourceTicks).ToArray();
        Assert.Equal(stamps.Distinct().Order(), stamps);
    }

    [Fact]
    public void Source_time_stays_on_the_wall_clock_when_process_time_is_compressed()
    {
        var probe = Started(timeScale: 60);
        probe.Later(120, () => probe.Level.Set(50));
        probe.ForSeconds(200);
        Assert.Equal(Run.Start.AddSeconds(2).Ticks, _sink.Changes[^1].SourceTicks);
    }

    [Fact]
    public void Events_of_one_instant_run_in_the_order_they_were_scheduled_and_cancelled_ones_do_not()
    {
        var probe = Started();
        var order = new List<int>();
        probe.Later(2, () => order.Add(3));
        probe.Later(1, () => order.Add(1));
        probe.Later(1, () => order.Add(2));
        probe.Later(1, () => order.Add(9)).Cancel();
        probe.ForSeconds(5);
        Assert.Equal([1, 2, 3], order);
    }

    [Fact]
    public void Sampler_keeps_to_its_grid_whenever_it_is_switched_on()
    {
        var probe = Started();
        probe.Later(0.25, probe.Grid.Start);
        probe.Later(0.55, probe.Grid.Stop);
        probe.ForSeconds(2);
        Assert.Equal([3_000_000, 4_000_000, 5_000_000], probe.Samples);
    }

    [Fact]
    public void Setting_a_signal_before_the_start_is_refused()
    {
        var probe = new Probe(Run.Context(_sink));
        Assert.Throws<InvalidOperationException>(() => probe.Level.Set(50));
    }
}
