using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Tests.Flow;

/// <summary>The simulation's world without servers and clock: as fast as it can.</summary>
internal sealed class VirtualPlant
{
    public VirtualPlant(IEnumerable<string> codes, ulong seed, bool breakdowns, bool stock = true, IChangeSink? sink = null, double timeScale = 1)
    {
        Context = Simulators.Tests.Run.Context(sink ?? new RecordingSink(_ => false), seed, timeScale, breakdowns) with { WarmUpScale = 0.1 };
        var units = codes.Select(c => EquipmentCatalogue.Create(c, Context)).ToList();
        Layout = PlantLayout.Connect(units);
        if (stock) new PlantStock(Context, TimeSpan.FromDays(1)).Fill(Layout);
        World = new World(units);
    }

    /// <summary>The demonstration plant.</summary>
    public static VirtualPlant Demo(ulong seed, IChangeSink? sink = null, bool breakdowns = true) =>
        new(SimulationOptions.Demo.SelectMany(s => s.Units), seed, breakdowns, sink: sink);

    public UnitContext Context { get; }

    public PlantLayout Layout { get; }

    public World World { get; }

    public Genealogy Genealogy => Context.Genealogy;

    public PartBook Parts => Context.Parts;

    public T Unit<T>() => World.Units.OfType<T>().First();

    public void Run(TimeSpan span) => World.Advance(World.Now + span.Ticks);
}
