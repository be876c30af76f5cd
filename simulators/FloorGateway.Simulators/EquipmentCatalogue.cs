using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.Profiles;

namespace FloorGateway.Simulators;

/// <summary>The equipment types by the letters of their cell code.</summary>
public static class EquipmentCatalogue
{
    private static readonly SortedDictionary<string, Func<string, UnitContext, Unit>> Factories = new(StringComparer.Ordinal)
    {
        ["ADAS"] = (code, context) => new AdasCalibration(code, context),
        ["DC"] = (code, context) => new DieCastCell(code, context),
        ["MIX"] = (code, context) => new SlurryMixer(code, context),
        ["COAT"] = (code, context) => new Coater(code, context),
        ["CAL"] = (code, context) => new Calender(code, context),
        ["STK"] = (code, context) => new Stacker(code, context),
        ["WIP"] = (code, context) => new IsostaticPress(code, context),
        ["DRY"] = (code, context) => new DryRoom(code, context),
        ["MAR"] = (code, context) => new MarriageStation(code, context),
        ["PNT"] = (code, context) => new PaintLine(code, context),
        ["RB"] = (code, context) => new JoiningRobot(code, context),
        ["SPL"] = (code, context) => new VehicleLine(code, context),
        ["SPV"] = (code, context) => new SelfPropelledVehicle(code, context),
        ["TT"] = (code, context) => new TighteningStation(code, context),
        ["FC"] = (code, context) => new FastChargeTest(code, context),
        ["FF"] = (code, context) => new FluidFill(code, context),
        ["FR"] = (code, context) => new FormationRack(code, FormationRack.ProgramsOf(code, context.Scale.TraysPerRack), context),
        ["GL"] = (code, context) => new GlazingRobot(code, context),
        ["LK"] = (code, context) => new PackLeakStand(code, context),
        ["PE"] = (code, context) => new PackEndOfLine(code, context),
        ["RT"] = (code, context) => new RollTest(code, context),
        ["WLD"] = (code, context) => new TabWelder(code, context),
        ["ELF"] = (code, context) => new ElectrolyteFiller(code, context),
        ["AGE"] = (code, context) => new AgeingRoom(code, context),
        ["GRD"] = (code, context) => new GradingStation(code, context),
        ["M"] = (code, context) => new ModuleLine(code, context),
        ["P"] = (code, context) => new PackLine(code, context),
        ["PCOAT"] = PilotLine.Coater,
        ["PSTK"] = PilotLine.Stacker,
        ["PFR"] = PilotLine.Rack,
        ["MTR"] = (code, context) => new Meter(code, context),
        ["LOAD"] = (code, context) => new LoadUnit(code, context),
    };

    static EquipmentCatalogue()
    {
        foreach (var letters in StationPlc.Letters) Factories.Add(letters, (code, context) => new StationPlc(code, context));
    }

    /// <summary>The known letters.</summary>
    public static IReadOnlyCollection<string> Types => Factories.Keys;

    /// <summary>True when a unit with this code can be made.</summary>
    public static bool Knows(string code) => Factories.ContainsKey(Letters(code)) && Letters(code).Length < code.Length;

    /// <summary>The letters of a code, for example DC of DC01.</summary>
    public static string LettersOf(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Letters(code);
    }

    /// <summary>Makes a unit.</summary>
    /// <exception cref="ArgumentException">The code's letters name no equipment type.</exception>
    public static Unit Create(string code, UnitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!Knows(code)) throw new ArgumentException($"{code} is of no known type; known are {string.Join(", ", Types)} followed by a number.", nameof(code));
        var unit = Factories[Letters(code)](code, context);
        if (context.Scale.PlantSignals) PlantFittings.Fit(unit);
        return unit;
    }

    private static string Letters(string code) => code.TrimEnd("0123456789".ToCharArray());
}
