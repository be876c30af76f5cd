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
    private const int ModulesPerPack = 12, CellsPerModule = 36, CellsPerCoil = 2000, CoilsPerRoll = 4, RollsPerLot = 4;
    private const int Castings = 60, Bodies = 10, PaintedBodies = 20, Packs = 24, Modules = 48, GradedCells = 1440, AgedTrays = 240;

    // Serials of the stock lie above those of the run, which begin at 1.
    private const int FirstSerial = 500_000;
    private readonly UnitContext _context;
    private readonly long _ticks;
    private readonly DateOnly _date;
    private readonly RandomStream _cells;
    private int _casting = FirstSerial / 10, _body = FirstSerial / 10, _vin = FirstSerial, _cell = FirstSerial, _module = FirstSerial, _pack = FirstSerial, _lot, _roll, _coil;
    private (string Cathode, string Anode) _coils;

    /// <param name="context">Book, genealogy and clock of the run.</param>
    /// <param name="age">Age of the stock at the run's begin.</param>
    public PlantStock(UnitContext context, TimeSpan age)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _ticks = context.Clock.ToSource(0) - age.Ticks;
        _cells = new RandomStream(context.Seed, "stock/cells");
        _date = Dates.PlantDate(_ticks);
    }

    /// <summary>Fills the buffers of a layout and its line; before anything runs.</summary>
    public void Fill(PlantLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Fill(layout.Buffer("rear castings"), Castings, () => Casting("DC01"));
        Fill(layout.Buffer("front castings"), Castings, () => Casting("DC02"));
        Fill(layout.Buffer("bodies"), Bodies, Body);
        Fill(layout.Buffer("painted bodies"), PaintedBodies, PaintedBody);
        Fill(layout.Buffer("Packs before MAR"), Packs, () => Pack(_pack % 10 < 3 ? "S120" : "L110"));
        Fill(layout.Buffer("modules"), Modules, () => Module("L110"));
        Fill(layout.Buffer("graded cells"), GradedCells, () => Cell("L110"));
        layout.First<AgeingRoom>()?.Stock(Enumerable.Range(1, AgedTrays).Select(Tray));
        if (_context.Scale.InFullSwing) FillTheRest(layout);
        if (layout.First<VehicleLine>() is not { } line) return;
        var married = layout.First<MarriageStation>() is null ? int.MaxValue : PlantLayout.MarriageStation;
        for (var station = LineOfVehicles.Stations; station >= 1; station--)
            line.Place(Vehicle(station > married), (station - 1) * LineOfVehicles.Pitch);
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
        var pack = Pack(_vin % 10 < 3 ? "S120" : "L110");
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

    private Part Tray(int number)
    {
        var program = number % 10 < 3 ? FormationProgram.SolidState : FormationProgram.Liquid;
        return FormedTrays.Make($"FR01-STOCK-{number:D5}", program, _ => Cell(program.Model), _context, _cells);
    }

    private Part Cell(string model)
    {
        if ((_cell - FirstSerial) % CellsPerCoil == 0) _coils = (Coil("CAT"), Coil("ANO"));
        var cell = _context.Parts.Make(Code(BatteryProduct.Cell, model, model == "S120" ? "JSW001A" : "JSW008A", ++_cell), PartKind.Cell, model);
        var stacker = model == "S120" ? "STK01" : "STK10";
        _context.Genealogy.Consumed(_coils.Cathode, cell.Id, 1, stacker, _ticks);
        _context.Genealogy.Consumed(_coils.Anode, cell.Id, 2, stacker, _ticks);
        cell[CellProperties.Capacity] = _cells.Normal(model == "S120" ? 75.5 : 70.4, 0.1);
        cell[CellProperties.Ocv] = 3.608 + _cells.Normal(0, 0.0005);
        cell[CellProperties.Acir] = _cells.Normal(0.55, 0.01);
        cell[CellProperties.Grade] = 1;
        return cell;
    }

    // Lot, roll and coil are used up; only their ids live on in what they became.
    private string Coil(string electrode)
    {
        if (_coil % (2 * CoilsPerRoll) < 2) Roll(electrode);
        _coil++;
        var coil = $"COIL-{electrode}-{_date:yyMMdd}-{_coil:D5}";
        Gone(PartKind.Coil, coil);
        _context.Genealogy.Consumed(RollId(electrode), coil, 1, "CAL01", _ticks);
        return coil;
    }

    private void Roll(string electrode)
    {
        if (_roll % (2 * RollsPerLot) < 2) Gone(PartKind.SlurryLot, LotId(electrode, _lot = _roll / (2 * RollsPerLot) + 1));
        _roll++;
        Gone(PartKind.Roll, RollId(electrode));
        _context.Genealogy.Consumed(LotId(electrode, _lot), RollId(electrode), 1, "COAT01", _ticks);
    }

    private string RollId(string electrode) => $"ROLL-{electrode}-{_date:yyMMdd}-{(_roll + 1) / 2:D4}";

    private string LotId(string electrode, int lot) => $"LOT-{electrode}-{_date:yyMMdd}-{lot:D3}";

    private void Gone(PartKind kind, string id) => _context.Parts.End(_context.Parts.Make(id, kind), PartFate.Consumed);

    private void Consume(Part child, Part parent, int position, string unit)
    {
        _context.Parts.End(child, PartFate.Consumed);
        _context.Genealogy.Consumed(child.Id, parent.Id, position, unit, _ticks);
    }

    private string Code(BatteryProduct product, string model, string trace, int serial) =>
        BatteryCode.Create(product, model == "S120" ? 'Z' : 'E', trace, _date, serial);
}
