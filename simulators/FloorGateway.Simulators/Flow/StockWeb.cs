using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Identification;

namespace FloorGateway.Simulators.Flow;

/// <summary>
/// One layer's slurry, rolls and coils of an earlier day. Those that became cells are used up, and only their ids live on in what they became; others still lie in the buffers.
/// </summary>
internal sealed class StockWeb
{
    private const int CellsPerCoil = 1000, CoilsPerRoll = 4, RollsPerLot = 1;

    // Numbers of the stock lie above those of the run, which begin at 1.
    private const int FirstNumber = 5000;
    private readonly UnitContext _context;
    private readonly long _ticks;
    private readonly string _day;
    private readonly double _madeAt;
    private readonly int _machine;
    private int _lots = FirstNumber, _rolls = FirstNumber, _rollsOfLot = RollsPerLot, _coilsOfRoll = CoilsPerRoll, _cells;
    private string _lot = "", _roll = "", _coil = "";

    public StockWeb(string layer, UnitContext context, long ticks)
    {
        Layer = layer;
        _context = context;
        _ticks = ticks;
        _day = Dates.PlantDay(ticks);
        // As many process seconds before the begin as the stock is old, but no slurry is older than it may be.
        _madeAt = -Math.Min((context.Clock.ToSource(0) - ticks) / (double)TimeSpan.TicksPerSecond, 3600);
        _machine = ElectrodeLayers.CoatingPlan.ToList().IndexOf(layer) + 1;
    }

    public string Layer { get; }

    /// <summary>A lot in a tank.</summary>
    public Part Lot() => Made(NextLot(), PartKind.SlurryLot);

    /// <summary>A roll before the calender.</summary>
    public Part Roll() => Made(NextRoll(), PartKind.Roll);

    /// <summary>A coil before the stacker.</summary>
    public Part Coil() => Made(NextCoil(), PartKind.Coil);

    /// <summary>The coil that a cell was cut from.</summary>
    public string ForCell()
    {
        if (_cells++ % CellsPerCoil == 0) _coil = Gone(NextCoil(), PartKind.Coil);
        return _coil;
    }

    private string NextLot() => $"SL-{_day}-MIX{_machine:D2}-{++_lots:D4}";

    private string NextRoll()
    {
        if (_rollsOfLot == RollsPerLot)
        {
            _lot = Gone(NextLot(), PartKind.SlurryLot);
            _rollsOfLot = 0;
        }

        _rollsOfLot++;
        var roll = $"RL-{_day}-COAT{_machine:D2}-{++_rolls:D4}";
        _context.Genealogy.Consumed(_lot, roll, 1, $"COAT{_machine:D2}", _ticks);
        return roll;
    }

    private string NextCoil()
    {
        if (_coilsOfRoll == CoilsPerRoll)
        {
            _roll = Gone(NextRoll(), PartKind.Roll);
            _coilsOfRoll = 0;
        }

        var coil = $"{_roll}-{++_coilsOfRoll}";
        _context.Genealogy.Consumed(_roll, coil, _coilsOfRoll, $"CAL{_machine:D2}", _ticks);
        return coil;
    }

    private Part Made(string id, PartKind kind)
    {
        var part = _context.Parts.Make(id, kind, Layer);
        part[Supply.MadeAt] = _madeAt;
        return part;
    }

    private string Gone(string id, PartKind kind)
    {
        _context.Parts.End(_context.Parts.Make(id, kind, Layer), PartFate.Consumed);
        return id;
    }
}
