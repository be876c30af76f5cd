namespace FloorGateway.Simulators.Profiles;

/// <summary>What a component's signal does.</summary>
internal enum ComponentRole
{
    /// <summary>Lags behind the machine: one level at rest, another at work, and the meter's noise.</summary>
    Analog,

    /// <summary>Stays.</summary>
    SetPoint,

    /// <summary>True while the machine works.</summary>
    Switch,

    /// <summary>Hours at work.</summary>
    Hours,

    /// <summary>Counts while the machine works.</summary>
    Count,
}

/// <summary>One signal of a component.</summary>
/// <param name="Name">Name inside the component.</param>
/// <param name="Description">For the gateway's equipment types.</param>
/// <param name="Role">What it does.</param>
/// <param name="Unit">UNECE code; null without one.</param>
/// <param name="High">End of the instrument's range, which begins at 0 or at <paramref name="Low"/>.</param>
/// <param name="Rest">Level at rest.</param>
/// <param name="Work">Level at work.</param>
/// <param name="Tau">Lag, s.</param>
/// <param name="Noise">Standard deviation at work; the deadband is half of it.</param>
/// <param name="Low">Begin of the range.</param>
internal sealed record ComponentSignal(
    string Name, string Description, ComponentRole Role, string? Unit = null, double High = 0, double Rest = 0, double Work = 0, double Tau = 5, double Noise = 0, double Low = 0);

/// <summary>A piece of auxiliary equipment that many machines have, each several times: a pump, a drive, a cooling circuit.</summary>
/// <param name="Type">Name of its equipment type in the gateway's configuration.</param>
/// <param name="Prefix">Name of the work unit, a number follows: PUMP01.</param>
/// <param name="Description">For the equipment type.</param>
/// <param name="Signals">Its signals.</param>
internal sealed record Component(string Type, string Prefix, string Description, params ComponentSignal[] Signals)
{
    public static Component CoolingCircuit { get; } = new(
        "CoolingCircuit", "COOL", "Cooling circuit of a machine",
        Analog("Flow", "Flow", "L2", 40, 2, 22, 4, 0.15),
        Analog("TempIn", "Temperature of the flow line", "CEL", 120, 25, 28, 60, 0.1),
        Analog("TempOut", "Temperature of the return line", "CEL", 120, 25, 41, 60, 0.2),
        Analog("Pressure", "Pressure", "BAR", 10, 0.5, 4.2, 3, 0.03),
        Analog("Valve", "Opening of the control valve", "P1", 100, 0, 55, 8, 0.8),
        SetPoint("Wanted", "Wanted return temperature", "CEL", 120, 41));

    public static Component Pump { get; } = new(
        "MachinePump", "PUMP", "Pump with its motor",
        Analog("Pressure", "Pressure", "BAR", 350, 8, 210, 2, 1.2),
        Analog("Flow", "Flow", "L2", 200, 0, 95, 2, 0.6),
        Analog("Temp", "Temperature of the oil", "CEL", 100, 28, 46, 600, 0.1),
        Analog("Current", "Motor current", "AMP", 200, 6, 74, 1, 0.6),
        Analog("Vibration", "Vibration velocity", "C16", 30, 0.1, 2.2, 1, 0.08),
        Analog("Speed", "Speed", "RPM", 3000, 0, 1480, 2, 3),
        new("Running", "Runs", ComponentRole.Switch),
        new("Hours", "Hours of operation", ComponentRole.Hours, "HUR", 200_000));

    public static Component Drive { get; } = new(
        "MachineDrive", "DRIVE", "Electric drive",
        Analog("Speed", "Speed", "RPM", 6000, 0, 1250, 1, 6),
        Analog("Torque", "Torque", "NU", 500, 0, 86, 1, 1.2),
        Analog("Current", "Current", "AMP", 200, 0.4, 31, 1, 0.4),
        Analog("Temp", "Winding temperature", "CEL", 180, 28, 71, 900, 0.2),
        Analog("Following", "Following error", "MMT", 5, 0, 0, 1, 0.02, -5),
        new("Ready", "Ready", ComponentRole.Switch),
        new("Hours", "Hours of operation", ComponentRole.Hours, "HUR", 200_000));

    public static Component Heater { get; } = new(
        "MachineHeater", "HEAT", "Heating zone with its controller",
        Analog("Temp", "Temperature", "CEL", 400, 40, 165, 120, 0.25),
        SetPoint("Wanted", "Wanted temperature", "CEL", 400, 165),
        Analog("Output", "Output of the controller", "P1", 100, 0, 47, 10, 0.6),
        Analog("Current", "Current", "AMP", 100, 0, 22, 2, 0.2),
        new("On", "Switched on", ComponentRole.Switch));

    public static Component Fan { get; } = new(
        "MachineFan", "FAN", "Fan with its motor",
        Analog("Speed", "Speed", "RPM", 3000, 0, 1120, 5, 4),
        Analog("Flow", "Air flow", "MQH", 20_000, 0, 9_400, 5, 60),
        Analog("Current", "Motor current", "AMP", 100, 0, 18, 2, 0.2),
        Analog("Vibration", "Vibration velocity", "C16", 30, 0.1, 1.6, 1, 0.06),
        new("Running", "Runs", ComponentRole.Switch));

    public static Component Nozzle { get; } = new(
        "MachineNozzle", "NOZZLE", "Nozzle with its valve",
        Analog("Flow", "Flow", "L2", 10, 0, 2.4, 1, 0.02),
        Analog("Pressure", "Pressure before the nozzle", "BAR", 20, 0.2, 5.5, 1, 0.04),
        Analog("Temp", "Temperature of the fluid", "CEL", 120, 22, 26, 300, 0.08),
        new("Shots", "Openings", ComponentRole.Count));

    public static Component Axis { get; } = new(
        "MachineAxis", "AXIS", "Positioning axis",
        Analog("Position", "Position", "MMT", 5000, 0, 1240, 2, 8),
        Analog("Torque", "Torque", "NU", 200, 2, 34, 1, 0.8),
        Analog("Current", "Current", "AMP", 60, 0.3, 12, 1, 0.2),
        Analog("Temp", "Motor temperature", "CEL", 150, 28, 58, 900, 0.15),
        Analog("Following", "Following error", "MMT", 5, 0, 0, 1, 0.02, -5),
        new("Referenced", "Has been referenced", ComponentRole.Switch));

    public static Component AirSupply { get; } = new(
        "MachineAir", "AIR", "Compressed air of a machine",
        Analog("Pressure", "Pressure", "BAR", 10, 6.4, 6.1, 2, 0.03),
        Analog("Flow", "Flow", "MQH", 500, 4, 62, 3, 0.8),
        Analog("DewPoint", "Dew point of the air", "CEL", 40, -32, -30, 300, 0.2, -80));

    public static Component Camera { get; } = new(
        "MachineCamera", "CAM", "Inspection camera",
        Analog("Score", "Match of the last picture", "P1", 100, 0, 94, 0.5, 1.5),
        Analog("Contrast", "Contrast of the last picture", "P1", 100, 0, 62, 0.5, 1),
        Analog("Evaluation", "Time of evaluation", "C26", 1000, 0, 86, 0.5, 6),
        new("Pictures", "Pictures taken", ComponentRole.Count),
        new("Ready", "Ready", ComponentRole.Switch));

    public static Component Cylinder { get; } = new(
        "MachineCylinder", "CYL", "Pneumatic cylinder",
        Analog("Time", "Time of the last stroke", "C26", 5000, 0, 640, 0.5, 12),
        new("Strokes", "Strokes", ComponentRole.Count));

    public static Component Probe { get; } = new(
        "MachineProbe", "PROBE", "Condition monitoring point",
        Analog("Value", "Reading", "P1", 100, 12, 48, 30, 0.5));

    /// <summary>All components.</summary>
    public static IReadOnlyList<Component> All { get; } = [CoolingCircuit, Pump, Drive, Heater, Fan, Nozzle, Axis, AirSupply, Camera, Cylinder, Probe];

    /// <summary>Name of the n-th work unit, from 1.</summary>
    public string SubUnit(int number) => $"{Prefix}{number:D2}";

    private static ComponentSignal Analog(string name, string description, string unit, double high, double rest, double work, double tau, double noise, double low = 0) =>
        new(name, description, ComponentRole.Analog, unit, high, rest, work, tau, noise, low);

    private static ComponentSignal SetPoint(string name, string description, string unit, double high, double value) =>
        new(name, description, ComponentRole.SetPoint, unit, high, value, value);
}
