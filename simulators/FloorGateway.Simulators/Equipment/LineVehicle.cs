using FloorGateway.Simulators.Flow;

namespace FloorGateway.Simulators.Equipment;

/// <summary>What a self-propelled vehicle is doing.</summary>
public enum DriveState
{
    Parked = 0,
    Follow = 1,

    /// <summary>Slower than the line, because the vehicle ahead is near.</summary>
    Creep = 2,
    ProtectiveStop = 3,

    /// <summary>At the end of the line, waiting to be driven off.</summary>
    Handback = 4,
}

/// <summary>One vehicle's place in the line: where it is and how it moves. <see cref="LineOfVehicles"/> moves it, its own unit may stop it.</summary>
public sealed class LineVehicle
{
    internal LineVehicle(int number) => Number = number;

    /// <summary>Number of the vehicle's unit, from 1.</summary>
    public int Number { get; }

    /// <summary>The vehicle being built; null while parked.</summary>
    public Part? Part { get; internal set; }

    /// <summary>Front of the vehicle from the start of the line, m.</summary>
    public double Position { get; internal set; }

    /// <summary>m/s.</summary>
    public double Speed { get; internal set; }

    /// <summary>Distance to the vehicle ahead, m; infinite where there is none.</summary>
    public double Gap { get; internal set; } = double.PositiveInfinity;

    public DriveState State { get; internal set; }

    /// <summary>False while the vehicle itself stands: obstacle, fault, lost radio, hold request.</summary>
    public bool MayDrive { get; set; } = true;

    /// <summary>Somebody pulled the cord here: the line stops when this vehicle reaches the end of its station.</summary>
    public bool Andon { get; set; }

    /// <summary>A station works on it; its part is in the station's hands.</summary>
    public bool AtWork { get; internal set; }

    /// <summary>The last station that finished with it; 0 before the first. Vehicles that closed up may stand in one station together, and each is worked on once.</summary>
    internal int DoneAt { get; set; }

    /// <summary>Number of the station it stands in, from 1; 0 while parked.</summary>
    public int Station => Part is null ? 0 : Math.Min(LineOfVehicles.Stations, (int)(Position / LineOfVehicles.Pitch) + 1);

    /// <summary>True at the end of its station.</summary>
    internal bool AtStationEnd => Part is not null && Position >= Station * LineOfVehicles.Pitch - LineOfVehicles.EndTolerance;
}
