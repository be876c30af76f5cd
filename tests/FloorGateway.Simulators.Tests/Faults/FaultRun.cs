using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Faults;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Simulators.Tests.Faults;

/// <summary>A few units with faults, in virtual time and without servers.</summary>
internal sealed class FaultRun : IDisposable
{
    private readonly World _world;

    public FaultRun(IReadOnlyList<string> units, ulong seed = 3, double timeScale = 60, params FaultOrder[] faults)
    {
        Log = new TruthLog(File);
        Sink = new RecordingSink();
        Bench = new FaultBench(Log, Sink, seed, timeScale);
        var context = Run.Context(Bench, seed, timeScale);
        Units = [.. units.Select(u => EquipmentCatalogue.Create(u, context))];
        _world = new World(Units);
        Server = new FakeServer(Units);
        Bench.Attach(_world, [Server]);
        foreach (var fault in faults) Bench.Inject(fault);
    }

    public MemoryStream File { get; } = new();

    public TruthLog Log { get; }

    /// <summary>What the nodes were given.</summary>
    public RecordingSink Sink { get; }

    public FaultBench Bench { get; }

    public FakeServer Server { get; }

    public IReadOnlyList<Unit> Units { get; }

    public Signal Signal(string name) => Units[0].Signals.Single(s => s.Name == name);

    public List<RecordingSink.Change> Of(string name) => Sink.Of(Signal(name));

    public FaultRun To(double seconds)
    {
        _world.Advance((long)(seconds * TimeSpan.TicksPerSecond));
        return this;
    }

    public string[] Lines()
    {
        Log.Flush();
        return System.Text.Encoding.UTF8.GetString(File.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose() => Log.Dispose();

    /// <summary>Notes what is done to a server.</summary>
    internal sealed class FakeServer(IReadOnlyList<Unit> units) : IFaultyServer
    {
        public string Name => "all";

        public IReadOnlyList<Unit> Units => units;

        public List<string> Done { get; } = [];

        public string[] Shown { get; private set; } = [];

        public void CutOff(bool cut) => Done.Add(cut ? "cut" : "mended");

        public void GoDown() => Done.Add("down");

        public void ComeBack() => Done.Add("back");

        public void Relabel(Signal signal, string? text) => Done.Add($"{signal.Name} {text}");

        public void Show(string[] faults) => Shown = faults;
    }
}
