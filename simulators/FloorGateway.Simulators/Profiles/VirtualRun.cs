using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;

namespace FloorGateway.Simulators.Profiles;

/// <summary>A profile's plant without servers and without a wall clock: process time goes as fast as the machine can.</summary>
public sealed class VirtualRun
{
    private static readonly DateTime Begin = new(2027, 3, 15, 2, 0, 0, DateTimeKind.Utc);

    /// <param name="profile">The plant.</param>
    /// <param name="sink">Receives every change.</param>
    /// <param name="seed">Seed of the run.</param>
    public VirtualRun(SimulationProfile profile, IChangeSink sink, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(profile);
        Context = new() { Seed = seed, Clock = new SourceClock(Begin, 1), Sink = sink, Scale = profile.Scale, WarmUpScale = profile.Scale.WarmUpScale };
        Units = [.. profile.Servers.SelectMany(s => s.Units).Select(code => EquipmentCatalogue.Create(code, Context))];
        Layout = PlantLayout.Connect(Units);
        new PlantStock(Context, TimeSpan.FromDays(1)).Fill(Layout);
        World = new World(Units);
    }

    /// <summary>What the units share.</summary>
    public UnitContext Context { get; }

    /// <summary>The units, server by server.</summary>
    public IReadOnlyList<Unit> Units { get; }

    /// <summary>How they hang together.</summary>
    public PlantLayout Layout { get; }

    /// <summary>Their clock.</summary>
    public World World { get; }

    /// <summary>Present source time, UTC ticks.</summary>
    public long SourceTicks => Context.Clock.ToSource(World.Now);

    /// <summary>Lets process time go on.</summary>
    public void Run(TimeSpan time) => World.Advance(World.Now + time.Ticks);
}
