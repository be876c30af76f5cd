using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Flow;

/// <summary>
/// Which machine hands its parts to which, through which buffer. Connects whatever units there are: where the machine before or after is missing, an inlet makes its own parts and
/// an outlet ships them.
/// </summary>
public sealed partial class PlantLayout
{
    internal const int MarriageStation = 52;

    // One body waits and one may come: with room for one only, each stop of a robot would go through the whole line.
    private const int BetweenRobots = 2;

    private const int FluidFillStation = 53, GlazingStation = 70, FirstTighteningStation = 41;

    // The plant keeps 60 coils for 28 stackers and 40 trays of cells before formation; a run with fewer machines keeps less.
    private const int CoilsPerStacker = 4, CellsPerRack = 144;

    // From the end of one kind of machine to the begin of the next: unit letters or code, a dot, and the name of the outlet or inlet.
    private static readonly PlantLink[] Links =
    [
        new("rear castings", PartKind.Casting, 240, ["DC01.casting"], ["RB001.rear"]),
        new("front castings", PartKind.Casting, 240, ["DC02.casting"], ["RB001.front"]),
        new("painted bodies", PartKind.PaintedBody, 60, ["PNT.painted"], ["SPL.body"]),
        new("modules", PartKind.Module, 240, ["M.modules"], ["P.modules"]),
        new("formed trays", PartKind.Tray, 19_060, ["FR.trays"], ["AGE.formed trays"]),
        new("aged trays", PartKind.Tray, 40, ["AGE.aged trays"], ["GRD.aged trays"]),
        new("graded cells", PartKind.Cell, 405_000, ["GRD.graded cells"], ["M.graded cells"]),
    ];

    private readonly List<EquipmentUnit> _units;
    private readonly List<PartBuffer> _buffers = [];

    private PlantLayout(IEnumerable<Unit> units) => _units = [.. units.OfType<EquipmentUnit>()];

    /// <summary>The buffers between the machines.</summary>
    public IReadOnlyList<PartBuffer> Buffers => _buffers;

    /// <summary>Connects the units that fit together; before anything runs.</summary>
    public static PlantLayout Connect(IEnumerable<Unit> units)
    {
        ArgumentNullException.ThrowIfNull(units);
        var layout = new PlantLayout(units);
        foreach (var link in Links) layout.Connect(link.Name, link.Kind, link.Capacity, layout.Outlets(link.From), layout.Inlets(link.To));
        layout.ConnectElectrodes();
        layout.ConnectCells("S120", ["STK", "WIP", "WLD", "FR"]);
        layout.ConnectCells("L110", ["STK", "WLD", "ELF", "FR"]);
        layout.ConnectBodyShop();
        layout.ConnectAssembly();
        layout.ConnectChain(PartKind.Vehicle, 12, ["SPL", "ADAS", "RT", "FC"]);
        layout.ConnectChain(PartKind.Pack, 48, ["P", "LK", "PE", "MAR"]);
        foreach (var unit in layout._units) layout.ConnectRework(unit);
        layout.PutIntoDryRooms();
        return layout;
    }

    /// <summary>Every part of a kind in a buffer, in a machine or on a carrier.</summary>
    public long Found(PartKind kind) =>
        _buffers.SelectMany(b => b.Parts).Concat(_units.SelectMany(u => u.PartsInside)).Sum(p => Count(p, kind));

    /// <summary>The buffer with this name; null where the layout has none.</summary>
    public PartBuffer? Buffer(string name) => _buffers.Find(b => b.Name == name);

    internal T? First<T>()
        where T : EquipmentUnit => _units.OfType<T>().FirstOrDefault();

    private static long Count(Part part, PartKind kind) => (part.Kind == kind ? 1 : 0) + part.Contents.Sum(p => Count(p, kind));

    // The robots stand in line in order of their number, one body between two of them.
    private void ConnectBodyShop()
    {
        var robots = _units.OfType<JoiningRobot>().OrderBy(r => r.Code, StringComparer.Ordinal).ToList();
        for (var i = 1; i < robots.Count; i++) Connect($"bodies before {robots[i].Code}", PartKind.Body, BetweenRobots, robots[i - 1].Outlets.Take(1), BodyInlet(robots[i]));
        if (robots.Count > 0) Connect("bodies", PartKind.Body, 40, robots[^1].Outlets.Take(1), _units.OfType<PaintLine>().SelectMany(BodyInlet));
    }

    // Each layer of the cell has machines of its own: a mixer and a coater by their recipe, a calender by the coater of the same place in line.
    private void ConnectElectrodes()
    {
        var coaters = Named("COAT").ToList();
        var calenders = Named("CAL").ToList();
        foreach (var layer in ElectrodeLayers.All)
        {
            var ofLayer = coaters.Where(c => c.RecipeId.Value == layer).ToList();
            var cutters = coaters.Count == 0 ? [] : calenders.Where((_, i) => coaters[i % coaters.Count].RecipeId.Value == layer).ToList();
            var takers = Named("STK").Where(s => layer.StartsWith(s.RecipeId.Value, StringComparison.Ordinal))
                .SelectMany(s => s.Inlets.Where(i => layer.EndsWith(i.Name, StringComparison.OrdinalIgnoreCase)));
            Connect($"slurry {layer}", PartKind.SlurryLot, 2, Named("MIX").Where(m => m.RecipeId.Value == layer).SelectMany(m => m.Outlets), ofLayer.SelectMany(c => c.Inlets));
            Connect($"rolls {layer}", PartKind.Roll, 12, ofLayer.SelectMany(c => c.Outlets), cutters.SelectMany(c => c.Inlets));
            Connect($"coils {layer}", PartKind.Coil, Math.Min(60, CoilsPerStacker * takers.Count()), cutters.SelectMany(c => c.Outlets), takers, passesOn: true);
        }
    }

    // Cells of one chemistry: a machine belongs to it by its first recipe, a rack by an inlet of that name.
    private void ConnectCells(string model, string[] letters)
    {
        for (var i = 1; i < letters.Length; i++)
        {
            var from = Named(letters[i - 1]).Where(u => u.RecipeId.Value.Contains(model, StringComparison.Ordinal)).SelectMany(u => u.Outlets);
            var to = letters[i] == "FR"
                ? Named("FR").SelectMany(u => u.Inlets).Where(n => n.Name == $"{model} cells")
                : Named(letters[i]).Where(u => u.RecipeId.Value.Contains(model, StringComparison.Ordinal)).SelectMany(u => u.Inlets.Where(n => n.Kind == PartKind.Cell));
            var isFormation = letters[i] == "FR";
            Connect($"{model} cells before {letters[i]}", PartKind.Cell, isFormation ? Math.Min(1440, CellsPerRack * to.Count()) : 600, from, to, passesOn: isFormation);
        }
    }

    private static IEnumerable<Inlet> BodyInlet(EquipmentUnit unit) => unit.Inlets.Where(i => i.Kind == PartKind.Body);

    // Each tightening controller gets a station of its own, from ST041 on; the other machines have theirs by the plant's plan.
    private void ConnectAssembly()
    {
        if (First<VehicleLine>() is not { } line) return;
        foreach (var vehicle in _units.OfType<SelfPropelledVehicle>()) vehicle.Join(line);
        foreach (var station in _units.OfType<StationPlc>()) station.Join(line);
        var taken = new HashSet<int>();
        Place("MAR", MarriageStation);
        Place("FF", FluidFillStation);
        Place("GL", GlazingStation);
        Place("TT", FirstTighteningStation);
        _buffers.AddRange(line.StationBuffers);

        void Place(string letters, int first)
        {
            var station = first;
            foreach (var unit in Named(letters))
            {
                while (!taken.Add(station)) station = station % LineOfVehicles.Stations + 1;
                line.AddStation(station, unit);
            }
        }
    }

    // One kind of part through several kinds of machines; a kind that is not there is left out.
    private void ConnectChain(PartKind kind, int capacity, string[] letters)
    {
        var present = letters.Where(l => Named(l).Any()).ToArray();
        for (var i = 1; i < present.Length; i++)
        {
            var name = $"{kind}s before {present[i]}";
            Connect(name, kind, capacity, Named(present[i - 1]).Select(u => u.Outlets.First(o => o.Kind == kind)), Named(present[i]).Select(u => u.Inlets.First(n => n.Kind == kind)));
        }
    }

    // What a machine sends to rework comes back to it, before new parts.
    private void ConnectRework(EquipmentUnit unit)
    {
        if (unit.Outlets.FirstOrDefault(o => o is { Name: "rework", Buffer: null }) is not { } rework) return;
        if (unit.Inlets.FirstOrDefault(i => i.Kind == rework.Kind && i.Buffer is not null) is not { } again) return;
        var buffer = new PartBuffer($"rework of {unit.Code}", rework.Kind, 4);
        rework.Connect(buffer);
        again.ConnectRework(buffer);
        _buffers.Add(buffer);
    }

    // Few stackers and tray positions of the plant's are simulated: the others take what those of the run cannot, so that the machines before them do not stand still for good.
    private void Connect(string name, PartKind kind, int capacity, IEnumerable<Outlet> from, IEnumerable<Inlet> to, bool passesOn = false)
    {
        var (givers, takers) = (from.Where(o => o.Buffer is null).ToList(), to.Where(i => i.Buffer is null).ToList());
        if (givers.Count == 0 || takers.Count == 0) return;
        var buffer = new PartBuffer(name, kind, capacity, passesOn);
        foreach (var outlet in givers) outlet.Connect(buffer);
        foreach (var inlet in takers) inlet.Connect(buffer);
        _buffers.Add(buffer);
    }

    private IEnumerable<Outlet> Outlets(string[] ports) => Ports(ports, u => u.Outlets, o => o.Name);

    private IEnumerable<Inlet> Inlets(string[] ports) => Ports(ports, u => u.Inlets, i => i.Name);

    private IEnumerable<T> Ports<T>(string[] ports, Func<EquipmentUnit, IReadOnlyList<T>> of, Func<T, string> name) => ports.SelectMany(port =>
    {
        var dot = port.IndexOf('.', StringComparison.Ordinal);
        return Named(port[..dot]).SelectMany(of).Where(p => name(p) == port[(dot + 1)..]);
    });

    // A code names one unit, letters all of their kind.
    private IEnumerable<EquipmentUnit> Named(string name) =>
        _units.Where(u => u.Code == name || u.Code.TrimEnd("0123456789".ToCharArray()) == name);

    private sealed record PlantLink(string Name, PartKind Kind, int Capacity, string[] From, string[] To);
}
