using FloorGateway.Simulators.Flow;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Moves the self-propelled vehicles along 612 m of line: continuously at 6 m a takt, or in pulses of 6 m. Each keeps its distance to the one ahead. No clock of its own: whoever owns it
/// steps it every 200 ms.
/// </summary>
public sealed class LineOfVehicles
{
    /// <summary>Stations of 6 m.</summary>
    public const int Stations = 102;

    /// <summary>From one vehicle to the next, m; also the length of a station.</summary>
    public const double Pitch = 6;

    /// <summary>Length of the line, m.</summary>
    public const double Length = Stations * Pitch;

    /// <summary>Time of one step, s.</summary>
    public const double StepSeconds = 0.2;

    /// <summary>6 m in a takt of 121.5 s.</summary>
    public const double NominalSpeed = Pitch / 121.5;

    /// <summary>No vehicle drives faster, m/s.</summary>
    public const double MaxSpeed = 0.10;

    /// <summary>Nearer than this to the end of a station counts as its end, m: a vehicle at line speed comes to rest within it.</summary>
    internal const double EndTolerance = 0.05;

    private const double VehicleLength = 4.8, Acceleration = 0.05, SlowGap = 1.0, StopGap = 0.8;
    private const double PulseSeconds = Pitch / MaxSpeed + MaxSpeed / Acceleration;

    private readonly List<LineVehicle> _onLine = [];
    private readonly Queue<LineVehicle> _parked = new();
    private double _pulse;

    /// <param name="count">Vehicles there are, on the line and parked.</param>
    public LineOfVehicles(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Vehicles = [.. Enumerable.Range(1, count).Select(n => new LineVehicle(n))];
        foreach (var vehicle in Vehicles) _parked.Enqueue(vehicle);
    }

    /// <summary>All vehicles by number.</summary>
    public IReadOnlyList<LineVehicle> Vehicles { get; }

    /// <summary>Vehicles on the line, the foremost first.</summary>
    public IReadOnlyList<LineVehicle> OnLine => _onLine;

    /// <summary>Speed of the line, m/s; in pulse mode its mean.</summary>
    public double Speed { get; set; } = NominalSpeed;

    /// <summary>Vehicles move 6 m in 62 s and stand for the rest of the takt.</summary>
    public bool Pulsed { get; set; }

    /// <summary>True when a vehicle can join at the start of the line.</summary>
    public bool HasRoom => _parked.Count > 0 && (_onLine.Count == 0 || _onLine[^1].Position >= Pitch - EndTolerance);

    /// <summary>Puts a vehicle at the start of the line.</summary>
    /// <exception cref="InvalidOperationException">There is no room.</exception>
    public LineVehicle Enter(Part part) => HasRoom ? Place(part, 0) : throw new InvalidOperationException("The start of the line is occupied.");

    /// <summary>Places a vehicle behind all others, as the line stood at the end of the last shift.</summary>
    public LineVehicle Place(Part part, double position)
    {
        var vehicle = _parked.Dequeue();
        vehicle.Part = part;
        vehicle.Position = position;
        vehicle.Speed = 0;
        vehicle.State = DriveState.Follow;
        _onLine.Add(vehicle);
        return vehicle;
    }

    /// <summary>The vehicle leaves the line; returns what it was.</summary>
    public Part Leave(LineVehicle vehicle)
    {
        ArgumentNullException.ThrowIfNull(vehicle);
        _onLine.Remove(vehicle);
        _parked.Enqueue(vehicle);
        var part = vehicle.Part!;
        vehicle.Part = null;
        vehicle.Speed = 0;
        vehicle.Position = 0;
        vehicle.Gap = double.PositiveInfinity;
        vehicle.AtWork = vehicle.Andon = false;
        vehicle.DoneAt = 0;
        vehicle.State = DriveState.Parked;
        return part;
    }

    /// <summary>One step of 200 ms.</summary>
    /// <param name="running">False while the whole line stands.</param>
    public void Step(bool running)
    {
        var speed = running ? NextSpeed() : 0;
        LineVehicle? ahead = null;
        foreach (var vehicle in _onLine)
        {
            Move(vehicle, ahead, speed);
            ahead = vehicle;
        }
    }

    private double NextSpeed()
    {
        if (!Pulsed) return Speed;
        _pulse += StepSeconds;
        if (_pulse >= Pitch / Speed) _pulse = 0;
        return Math.Clamp(Math.Min(_pulse, PulseSeconds - _pulse) * Acceleration, 0, MaxSpeed);
    }

    private static void Move(LineVehicle vehicle, LineVehicle? ahead, double line)
    {
        vehicle.Gap = ahead is null ? double.PositiveInfinity : ahead.Position - VehicleLength - vehicle.Position;
        var near = Math.Clamp((vehicle.Gap - StopGap) / (SlowGap - StopGap), 0, 1);
        var wanted = vehicle.MayDrive ? line * near : 0;
        var before = vehicle.Speed;
        vehicle.Speed = before + Math.Clamp(wanted - before, -Acceleration * StepSeconds, Acceleration * StepSeconds);
        vehicle.Position = Math.Min(Length, vehicle.Position + (before + vehicle.Speed) / 2 * StepSeconds);
        vehicle.State = vehicle.Position >= Length - EndTolerance ? DriveState.Handback
            : !vehicle.MayDrive || near <= 0 ? DriveState.ProtectiveStop
            : near < 1 ? DriveState.Creep : DriveState.Follow;
    }
}
