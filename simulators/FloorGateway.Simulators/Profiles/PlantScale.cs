namespace FloorGateway.Simulators.Profiles;

/// <summary>How fully the units are equipped.</summary>
public sealed record PlantScale
{
    /// <summary>What each machine needs to show its process: for a demonstration.</summary>
    public static PlantScale Demo { get; } = new();

    /// <summary>As the plant has them, in the middle of a working day.</summary>
    public static PlantScale Full { get; } = new() { TraysPerRack = 60, PlantSignals = true, MeterNoise = true, InFullSwing = true, WarmUpScale = 0.01 };

    /// <summary>Tray positions of a formation rack; 0 has two, one for each program.</summary>
    public int TraysPerRack { get; init; }

    /// <summary>Machines have their auxiliary equipment (pumps, drives, cooling circuits) and what a plant adds to each machine.</summary>
    public bool PlantSignals { get; init; }

    /// <summary>Formation channels scatter by what their meters resolve.</summary>
    public bool MeterNoise { get; init; }

    /// <summary>Formation racks begin with trays in all stages of their programs: else half a day passes before they are busy.</summary>
    public bool InFullSwing { get; init; }

    /// <summary>Factor on warm-up times.</summary>
    public double WarmUpScale { get; init; } = 1;
}
