using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.PackMl;
using static FloorGateway.Simulators.Profiles.Component;

namespace FloorGateway.Simulators.Profiles;

/// <summary>
/// What stands around each machine of the plant, by the letters of its code: which auxiliary equipment, how much of it, and which of its signals the plant's gateway does not ask for.
/// The plant's planning gives numbers of tags only; what they are made of here is an assumption.
/// </summary>
internal static class PlantFittings
{
    private static readonly Dictionary<string, Fitting> Table = new()
    {
        ["DC"] = new(950, (CoolingCircuit, 24, 2500), (Pump, 6, 2500), (Drive, 4, 2500), (Nozzle, 4, 2500), (AirSupply, 1, 2500)),
        ["RB"] = new(9) { Tags = TagChoice.AllBut("JobId") },
        ["PNT"] = new(420, (Heater, 8, 4000), (Fan, 8, 4000), (Pump, 4, 4000), (AirSupply, 1, 4000), (Drive, 1, 4000)),
        ["PTR"] = PaintSection(260),
        ["OVN"] = PaintSection(640),
        ["SEL"] = PaintSection(90),
        ["BTH"] = PaintSection(310),
        ["SPV"] = new(2)
        {
            Tags = TagChoice.Only(
                "State", "Heartbeat", "Vin", "LinePosition", "Speed", "LateralError", "GapAhead", "Obstacle", "DriveState", "StationId", "Soc12V", "PackSoc", "RadioLatency", "LineStopReason",
                "Alarm.OBST", "Alarm.LAT"),
        },
        ["SPL"] = new(15, (AirSupply, 1, 5000)),
        ["MAR"] = new(28, (Axis, 6, 2500), (Camera, 2, 2500), (Cylinder, 4, 2500), (Drive, 2, 2500), (Pump, 1, 2500), (Probe, 2, 2500)),
        // Torque and angle while the tool turns are what the trace holds.
        ["TT"] = new(1.5)
        {
            Tags = TagChoice.AllBut(
                "Torque", "Angle", "Trace.Torque", "Trace.Angle", "JobId", "Mode", "RecipeId", "RemoteAllowed", "Heartbeat", "Blocked", "Starved", "Alarm.NOK3", "AirFlow", "PowerActive",
                "EnergyTotal", "CycleTime", "StackLight"),
        },
        ["FF"] = new(12)
        {
            Tags = TagChoice.AllBut(
                "SetPoint.CoolantVolume", "SetPoint.BrakeVolume", "SetPoint.RefrigerantMass", "SetPoint.WasherVolume", "Coolant.Filled", "Brake.Filled", "Refrigerant.Filled", "Washer.Filled",
                "Coolant.TankLevel", "Brake.TankLevel", "Refrigerant.TankLevel", "Washer.TankLevel", "Washer.VacTime", "Washer.LeakRise", "Washer.Pressure", "JobId", "RecipeId", "Mode",
                "RemoteAllowed", "Alarm.NOK3", "Result.Code"),
        },
        ["GL"] = new(14, (Axis, 3, 2500), (Camera, 1, 2500), (Cylinder, 1, 2500)),
        ["ADAS"] = new(10)
        {
            Tags = TagChoice.AllBut(
                "JobId", "RecipeId", "Mode", "RemoteAllowed", "Alarm.NOK3", "Result.Code", "Blocked", "Starved", "AirFlow", "PowerActive", "EnergyTotal", "StackLight", "GuardClosed"),
        },
        ["RT"] = new(180, (Drive, 2, 500), (Pump, 1, 500), (Probe, 1, 500)),
        ["FC"] = new(620, (CoolingCircuit, 1, 500), (Fan, 1, 500)),
        ["MIX"] = new(75, (Pump, 2, 2000), (CoolingCircuit, 2, 2000), (Drive, 1, 2000), (Probe, 1, 2000)),
        ["COAT"] = new(780, (Heater, 16, 2000), (Fan, 12, 2000), (Drive, 4, 2000), (Pump, 2, 2000), (Probe, 1, 2000)),
        ["CAL"] = new(160, (Drive, 4, 2500), (Pump, 2, 2500), (CoolingCircuit, 2, 2500), (Heater, 1, 2500), (Cylinder, 1, 2500)),
        ["STK"] = new(24, (Camera, 1, 10_000), (Axis, 1, 10_000), (AirSupply, 1, 10_000)),
        ["WIP"] = new(110) { Tags = TagChoice.AllBut("JobId", "RecipeId", "Mode", "RemoteAllowed", "SetPoint.Hold", "Alarm.NOK3", "StackLight") },
        ["DRY"] = new(350, (Fan, 4, 5000), (Heater, 2, 5000), (CoolingCircuit, 2, 5000), (Probe, 4, 5000)),
        ["WLD"] = new(30, (CoolingCircuit, 1, 2000), (Cylinder, 1, 2000)),
        ["ELF"] = new(45, (Pump, 2, 2000), (Nozzle, 2, 2000), (Cylinder, 2, 2000)),
        ["FR"] = new(95, (Fan, 1, 2000))
        {
            Tags = TagChoice.AllBut(
                "CellIds", "Result.ChargeCapacity", "Result.DischargeCapacity", "Result.FirstEfficiency", "Result.EndVoltage", "Result.Dcir", "Result.Verdict", "Result.TrayId", "Alarm.CELL_OV",
                "Alarm.CELL_HOT", "Alarm.CONTACT", "Alarm.CAP_LO"),
        },
        ["GRD"] = new(12, (Camera, 1, 2000), (Axis, 1, 2000), (Cylinder, 2, 2000)),
        ["AGE"] = new(60, (Fan, 3, 1200), (Heater, 1, 1200), (Probe, 1, 1200)),
        ["M"] = new(40, (Axis, 1, 2500)),
        ["P"] = new(40, (Axis, 1, 2500), (Camera, 1, 2500)),
        ["M01C"] = LineCell,
        ["M02C"] = LineCell,
        ["P01C"] = LineCell,
        ["LK"] = new(8, (Pump, 1, 2500), (Nozzle, 4, 2500), (CoolingCircuit, 2, 2500), (Axis, 2, 2500), (Camera, 1, 2500), (Probe, 1, 2500)),
        ["PE"] = new(35, (CoolingCircuit, 2, 2500), (Drive, 2, 2500), (Camera, 1, 2500), (Axis, 2, 2500), (Cylinder, 2, 2500)),
    };

    private static readonly Fitting Station = new(4);

    // The liquid cell's stacker has five readings less of its own than the solid-state one, and as many probes at the arm that folds the separator.
    private static readonly Fitting FoldingStacker = new(24, (Camera, 1, 10_000), (Axis, 1, 10_000), (AirSupply, 1, 10_000), (Probe, 5, 10_000));

    private static Fitting LineCell => new(6, (Axis, 1, 5000), (Camera, 1, 5000), (Cylinder, 2, 5000));

    private static Fitting PaintSection(double power) =>
        new(power, (Heater, 10, 4000), (Fan, 10, 4000), (Pump, 5, 4000), (AirSupply, 1, 4000), (Drive, 1, 4000));

    /// <summary>Which signals are tags of the plant, where not all are.</summary>
    public static IReadOnlyDictionary<string, TagChoice> Tags { get; } =
        Table.Where(t => t.Value.Tags is not null).ToDictionary(t => t.Key, t => t.Value.Tags!);

    /// <summary>Fits a machine out; before it is started. Meters and the like have nothing beside their readings.</summary>
    public static void Fit(Unit unit)
    {
        if (unit is not EquipmentUnit machine) return;
        var fitting = machine is Stacker && !machine.Signals.Any(s => s.Name == "SeThickness") ? FoldingStacker : Table.GetValueOrDefault(EquipmentCatalogue.LettersOf(unit.Code), Station);
        _ = new PlantSignals(machine, fitting.Power);
        foreach (var (component, count, milliseconds) in fitting.Components)
        {
            for (var n = 1; n <= count; n++) _ = new FittedComponent(machine, component, n, milliseconds);
        }
    }

    private sealed record Fitting(double Power, params (Component Component, int Count, int Milliseconds)[] Components)
    {
        public TagChoice? Tags { get; init; }
    }
}
