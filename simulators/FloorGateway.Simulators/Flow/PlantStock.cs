using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Flow;

/// <summary>
/// What earlier days have left: parts in the buffers and vehicles on the line. Each is traceable like one made today: pack to modules, cells, coils, rolls and lots; body to castings.
/// </summary>
public sealed partial class PlantStock
{
    private const int ModulesPerPack = 12, CellsPerModule = 36;
    private const int Castings = 60, Bodies = 10, PaintedBodies = 20, Packs = 24, PacksBeforeTests = 4, Modules = 48, GradedCells = 1440, AgedTrays = 240;
    private const int Lots = 1, Rolls = 1, Coils = 1, StackedCells = 96, SealedCells = 60, CellsBeforeFormation = 108;
    private const int VehiclesBeforeTests = 4;

    // Serials of the stock lie above those of the run, which begin at 1.
    private const int FirstSerial = 500_000;
    private static readonly string[] Models = ["S120", "L110"];
    private readonly UnitContext _context;
    private readonly long _ticks;
    private readonly DateOnly _date;
    private readonly RandomStream _cells;
    private readonly Dictionary<string, StockWeb[]> _webs;
    private int _casting = FirstSerial / 10, _body = FirstSerial / 10, _vin = FirstSerial, _cell = FirstSerial, _label = FirstSerial, _module = FirstSerial, _pack = FirstSerial, _tray;

    /// <param name="context">Book, genealogy and clock of the run.</param>
    /// <param name="age">Age of the stock at the run's begin.</param>
    public PlantStock(UnitContext context, TimeSpan age)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _ticks = context.Clock.ToSource(0) - age.Ticks;
        _cells = new RandomStream(context.Seed, "stock/cells");
        _date = Dates.PlantDate(_ticks);
        _webs = Models.ToDictionary(m => m, m => ElectrodeLayers.All.Where(l => l.StartsWith(m, StringComparison.Ordinal)).Select(l => new StockWeb(l, context, _ticks)).ToArray());
    }

    /// <summary>Fills the buffers of a layout and its line; before anything runs.</summary>
    public void Fill(PlantLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Fill(layout.Buffer("rear castings"), Castings, () => Casting("DC01"));
        Fill(layout.Buffer("front castings"), Castings, () => Casting("DC02"));
        Fill(layout.Buffer("bodies"), Bodies, Body);
        Fill(layout.Buffer("painted bodies"), PaintedBodies, PaintedBody);
        Fill(layout.Buffer("Packs before MAR"), Packs, () => Pack(Model(_pack)));
        Fill(layout.Buffer("modules"), Modules, () => Module("L110"));
        Fill(layout.Buffer("graded cells"), GradedCells, () => Cell("L110"));
        layout.First<AgeingRoom>()?.Stock(Enumerable.Range(1, AgedTrays).Select(_ => Tray()), Tray);
        if (_context.Scale.InFullSwing) FillTheRest(layout);
        FillElectrodesAndCells(layout);
        foreach (var test in (string[])["LK", "PE"]) Fill(layout.Buffer($"Packs before {test}"), PacksBeforeTests, () => Pack(Model(_pack)));
        foreach (var test in (string[])["ADAS", "RT", "FC"]) Fill(layout.Buffer($"Vehicles before {test}"), VehiclesBeforeTests, () => Vehicle(married: true));
        if (layout.First<VehicleLine>() is not { } line) return;
        var married = layout.First<MarriageStation>() is null ? int.MaxValue : PlantLayout.MarriageStation;
        for (var station = LineOfVehicles.Stations; station >= 1; station--)
            line.Place(Vehicle(station > married), (station - 1) * LineOfVehicles.Pitch);
    }

    // Three in ten are solid state.
    private static string Model(int serial) => serial % 10 < 3 ? "S120" : "L110";

    private void FillElectrodesAndCells(PlantLayout layout)
    {
        foreach (var web in _webs.Values.SelectMany(w => w))
        {
            Fill(layout.Buffer($"slurry {web.Layer}"), Lots, web.Lot);
            Fill(layout.Buffer($"rolls {web.Layer}"), Rolls, web.Roll);
            Fill(layout.Buffer($"coils {web.Layer}"), Coils, web.Coil);
        }

        foreach (var model in Models)
        {
            Fill(layout.Buffer($"{model} cells before WIP"), StackedCells, () => Stacked(model));
            Fill(layout.Buffer($"{model} cells before WLD"), StackedCells, () => Stacked(model));
            Fill(layout.Buffer($"{model} cells before ELF"), SealedCells, () => Sealed(model));
            Fill(layout.Buffer($"{model} cells before FR"), CellsBeforeFormation, () => Sealed(model));
        }
    }

    private static void Fill(PartBuffer? buffer, int count, Func<Part> make)
    {
        if (buffer is not null) buffer.Fill(Enumerable.Range(0, Math.Min(count, buffer.Room)).Select(_ => make()));
    }

    private Part Casting(string cell) =>
        _context.Parts.Make(Identification.Castings.Id(_ticks, cell, (uint)++_casting), PartKind.Casting, Identification.Castings.IsRear(cell) ? "R" : "F");

    private Part Body()
    {
        var body = _context.Parts.Make(Identification.Bodies.Id(_ticks, "RB001", ++_body), PartKind.Body);
        Consume(Casting("DC01"), body, 1, "RB001");
        Consume(Casting("DC02"), body, 2, "RB001");
        return body;
    }

    private Part PaintedBody()
    {
        var body = Body();
        var painted = _context.Parts.Make(Identification.Bodies.Painted(body.Id), PartKind.PaintedBody, "WHITE");
        Consume(body, painted, 1, "PNT01");
        return painted;
    }

    private Part Vehicle(bool married)
    {
        var vehicle = _context.Parts.Make(Vin.Create(++_vin), PartKind.Vehicle);
        Consume(PaintedBody(), vehicle, 1, "SPL01");
        if (!married) return vehicle;
        var pack = Pack(Model(_vin));
        vehicle.Model = pack.Model;
        Consume(pack, vehicle, 2, "MAR01");
        return vehicle;
    }

    private Part Pack(string model)
    {
        var pack = _context.Parts.Make(Code(BatteryProduct.Pack, model, "JSP001A", ++_pack), PartKind.Pack, model);
        for (var i = 1; i <= ModulesPerPack; i++) Consume(Module(model), pack, i, "P01");
        pack[CellProperties.Ocv] = 216 * 3.608;
        pack[CellProperties.Grade] = 1;
        return pack;
    }

    private Part Module(string model)
    {
        var module = _context.Parts.Make(Code(BatteryProduct.Module, model, "JSM001A", ++_module), PartKind.Module, model);
        for (var i = 1; i <= CellsPerModule; i++) Consume(Cell(model), module, i, "M01");
        module[CellProperties.Ocv] = 18 * 3.608;
        module[CellProperties.Grade] = 1;
        return module;
    }

    private Part Tray()
    {
        var program = Model(++_tray) == "S120" ? FormationProgram.SolidState : FormationProgram.Liquid;
        return FormedTrays.Make($"FR01-STOCK-{_tray:D5}", program, _ => Sealed(program.Model), _context, _cells);
    }

    // Formed, aged and graded.
    private Part Cell(string model)
    {
        var cell = Sealed(model);
        cell[CellProperties.Capacity] = _cells.Normal(model == "S120" ? 75.5 : 70.4, 0.1);
        cell[CellProperties.Ocv] = 3.608 + _cells.Normal(0, 0.0005);
        cell[CellProperties.Acir] = _cells.Normal(0.55, 0.01);
        cell[CellProperties.Grade] = 1;
        return cell;
    }

    // With its code, but never charged.
    private Part Sealed(string model)
    {
        var cell = _context.Parts.Make(Code(BatteryProduct.Cell, model, model == "S120" ? "JSW001A" : "JSW008A", ++_cell), PartKind.Cell, model);
        UseWebs(cell);
        return cell;
    }

    // As the stacker gives it: with a label of its own.
    private Part Stacked(string model)
    {
        var cell = _context.Parts.Make($"{Stacker(model)}-{_date:yyMMdd}-{++_label:D6}", PartKind.Cell, model);
        UseWebs(cell);
        return cell;
    }

    private static string Stacker(string model) => model == "S120" ? "STK01" : "STK10";

    private void UseWebs(Part cell)
    {
        var webs = _webs[cell.Model];
        for (var i = 0; i < webs.Length; i++) _context.Genealogy.Consumed(webs[i].ForCell(), cell.Id, i + 1, Stacker(cell.Model), _ticks);
    }

    private void Consume(Part child, Part parent, int position, string unit)
    {
        _context.Parts.End(child, PartFate.Consumed);
        _context.Genealogy.Consumed(child.Id, parent.Id, position, unit, _ticks);
    }

    private string Code(BatteryProduct product, string model, string trace, int serial) =>
        BatteryCode.Create(product, model == "S120" ? 'Z' : 'E', trace, _date, serial);
}
