namespace FloorGateway.Simulators.Equipment;

/// <summary>What a formation step does with a channel.</summary>
public enum FormationStepKind
{
    /// <summary>The clamp plates heat the cells.</summary>
    Heat,

    /// <summary>No current for a time.</summary>
    Rest,

    /// <summary>Charge at a rate for a time.</summary>
    ChargeForTime,

    /// <summary>Charge at a rate up to a voltage; each channel goes on to the next step by itself.</summary>
    ChargeToVoltage,

    /// <summary>Hold the voltage while the current falls to a rate.</summary>
    ConstantVoltage,

    /// <summary>Discharge at a rate down to a voltage.</summary>
    DischargeToVoltage,

    /// <summary>Charge at a rate up to a state of charge.</summary>
    ChargeToSoc,
}

/// <summary>One step: rate in multiples of the capacity per hour (see <see cref="FormationProgram.CurrentOf"/>); limit in seconds, volts or state of charge by kind.</summary>
public sealed record FormationStep(FormationStepKind Kind, double Rate, double Limit)
{
    /// <summary>True where the tray goes on when all channels are through, as opposed to after a time.</summary>
    public bool EndsByChannel => Kind is not (FormationStepKind.Heat or FormationStepKind.Rest or FormationStepKind.ChargeForTime);
}

/// <summary>A formation program with the cells it is made for and the handling around it.</summary>
public sealed record FormationProgram
{
    /// <summary>Share of the first charge that stays; the rest builds the interphase.</summary>
    public const double FirstChargeEfficiency = 0.88;

    /// <summary>The most a channel can drive, A.</summary>
    public const double ChannelCurrent = 25;

    /// <summary>ProgramId.</summary>
    public required string Id { get; init; }

    /// <summary>Variant of the cells: S120 or L110.</summary>
    public required string Model { get; init; }

    /// <summary>Mean and standard deviation of the formed cells' capacity, A·h; the mean is the rated capacity.</summary>
    public required (double Mean, double Sigma) Capacity { get; init; }

    /// <summary>Clamp pressure in MPa; 0 for cells formed unclamped.</summary>
    public required double ClampPressure { get; init; }

    /// <summary>Temperature of the cells during the program, °C; null leaves them at the rack's ambient.</summary>
    public double? PlateTemperature { get; init; }

    /// <summary>Share of cells that fail for reasons formation does not see (soft short, looks).</summary>
    public required double OtherRejects { get; init; }

    /// <summary>Share of a cell's full capacity (2.75 to 4.22 V) that the discharge of the program takes out.</summary>
    public required double DischargeShare { get; init; }

    /// <summary>Chemistry letter of the battery code.</summary>
    public required char Chemistry { get; init; }

    /// <summary>Seconds loaded before contact check, done before unloading, and empty after it.</summary>
    public required (double Loaded, double Done, double Empty) Handling { get; init; }

    /// <summary>Planned duration in seconds, for the announced end.</summary>
    public required double PlannedSeconds { get; init; }

    /// <summary>The steps, numbered from 1 in StepNo.</summary>
    public required IReadOnlyList<FormationStep> Steps { get; init; }

    /// <summary>Solid-state cells, S120.</summary>
    public static FormationProgram SolidState { get; } = new()
    {
        Id = "SSB-S120",
        Model = "S120",
        Capacity = (75.5, 0.6),
        ClampPressure = 5,
        PlateTemperature = 60,
        OtherRejects = 0.065,
        Chemistry = 'Z',
        DischargeShare = 0.972,
        Handling = (600, 780, 300),
        PlannedSeconds = 16 * 3600,
        Steps =
        [
            new(FormationStepKind.Heat, 0, 3600),
            new(FormationStepKind.ChargeForTime, 0.05, 2 * 3600),
            new(FormationStepKind.ChargeForTime, 0.1, 5 * 3600),
            new(FormationStepKind.ChargeToVoltage, 0.2, 4.20),
            new(FormationStepKind.ConstantVoltage, 0.05, 4.20),
            new(FormationStepKind.Rest, 0, 3600),
            new(FormationStepKind.DischargeToVoltage, 0.33, 2.80),
            new(FormationStepKind.Rest, 0, 3600),
            new(FormationStepKind.ChargeToSoc, 0.33, 0.30),
        ],
    };

    /// <summary>Liquid-electrolyte cells, L110.</summary>
    public static FormationProgram Liquid { get; } = new()
    {
        Id = "LIQ-L110",
        Model = "L110",
        Capacity = (70.4, 0.5),
        ClampPressure = 0,
        OtherRejects = 0.035,
        Chemistry = 'E',
        DischargeShare = 0.978,
        Handling = (900, 1080, 420),
        PlannedSeconds = 9.8 * 3600,
        Steps =
        [
            new(FormationStepKind.Rest, 0, 600),
            new(FormationStepKind.ChargeForTime, 0.05, 3600),
            new(FormationStepKind.ChargeForTime, 0.1, 2 * 3600),
            new(FormationStepKind.ChargeToVoltage, 0.33, 4.20),
            new(FormationStepKind.ConstantVoltage, 0.05, 4.20),
            new(FormationStepKind.Rest, 0, 600),
            new(FormationStepKind.DischargeToVoltage, 0.33, 2.80),
            new(FormationStepKind.ChargeToSoc, 0.33, 0.30),
        ],
    };

    /// <summary>
    /// Trial of the pilot line: short, with two current pulses at a state of charge of about a half, and as fast as the channels allow. Its cells never go into a pack.
    /// </summary>
    public static FormationProgram PulseTrial { get; } = SolidState with
    {
        Id = "TRIAL-SSB-PULSE",
        Handling = (300, 300, 300),
        PlannedSeconds = 6.3 * 3600,
        Steps =
        [
            new(FormationStepKind.Heat, 0, 1800),
            new(FormationStepKind.ChargeForTime, 0.1, 3600),
            new(FormationStepKind.ChargeForTime, 0.2, 2 * 3600),
            new(FormationStepKind.Rest, 0, 600),
            new(FormationStepKind.ChargeForTime, 0.25, 60),
            new(FormationStepKind.Rest, 0, 300),
            new(FormationStepKind.ChargeForTime, 0.125, 60),
            new(FormationStepKind.Rest, 0, 300),
            new(FormationStepKind.DischargeToVoltage, 0.33, 2.80),
            new(FormationStepKind.ChargeToSoc, 0.33, 0.30),
        ],
    };

    /// <summary>The programs released for production.</summary>
    public static IReadOnlyList<FormationProgram> All { get; } = [SolidState, Liquid];

    /// <summary>The programs of the pilot line.</summary>
    public static IReadOnlyList<FormationProgram> Trials { get; } = [PulseTrial, SolidState];

    /// <summary>
    /// Current of a step, A. Until the first discharge a rate refers to what a fresh cell takes up (rated capacity over first efficiency), from then on to the rated
    /// capacity; a channel drives no more than it can.
    /// </summary>
    public double CurrentOf(int step)
    {
        var fresh = true;
        for (var i = 0; i <= step; i++) fresh &= Steps[i].Kind != FormationStepKind.DischargeToVoltage;
        return Math.Min(ChannelCurrent, Steps[step].Rate * (fresh ? Capacity.Mean / FirstChargeEfficiency : Capacity.Mean));
    }

    /// <summary>The program with this id, of production or trial; null when there is none.</summary>
    public static FormationProgram? Find(string id) => All.Concat(Trials).FirstOrDefault(p => p.Id == id);
}
