using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// The controller on board of one self-propelled vehicle. The line moves it; it stops by itself for an obstacle, a fault, a lost radio or a hold request.
/// Without a line it drives up and down one of its own.
/// </summary>
public sealed class SelfPropelledVehicle : EquipmentUnit
{
    private const double ObstacleHours = 8, ObstacleSeconds = 3, ClearSeconds = 3, RadioStop = 500;
    private readonly RandomStream _obstacles, _radio;
    private readonly Ar1Noise _guidance;
    private readonly Sampler _drive, _lateral, _latency, _charge;
    private readonly LimitAlarm _obstacleAlarm, _lateralAlarm, _radioAlarm;
    private readonly AlarmBit _andon;
    private readonly int _number;
    private LineOfVehicles? _ownLine;
    private LineVehicle? _vehicle;
    private VehicleLine? _line;
    private string _station = "", _vin = "";
    private DateTime _enteredAt;
    private double _soc12 = 95, _socPack = 30;
    private bool _protective;
    private int _serial;

    /// <param name="code">SPV001 to SPV130.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public SelfPropelledVehicle(string code, UnitContext context)
        : base(code, $"LXE/JSH/ASM/SPV/{code}", code, ["FOLLOW"], new(200, 8), context)
    {
        _number = int.Parse(code.AsSpan(3), CultureInfo.InvariantCulture);
        _obstacles = Stream("obstacle");
        _radio = Stream("radio");
        _guidance = new(Stream("guidance"), 0.95, 6);
        var main = MainSubUnit;
        VehicleId = Add(main, "Vin", "");
        LinePosition = Analog(main, "LinePosition", "MTR", 0, LineOfVehicles.Length, 200, 0.05, 0, "线上位置");
        Speed = Analog(main, "Speed", "MTS", 0, LineOfVehicles.MaxSpeed, 200, 0.005, 0, "速度");
        LateralError = Analog(main, "LateralError", "MMT", -50, 50, 500, 2, 0, "横向偏差");
        GapAhead = Analog(main, "GapAhead", "MTR", 0, 50, 200, 0.05, 50, "前车间距");
        Obstacle = Add(main, "Obstacle", false);
        DriveStateSignal = Add(main, "DriveState", 0);
        StationId = Add(main, "StationId", "");
        Soc12V = Analog(main, "Soc12V", "P1", 0, 100, 10_000, 0.5, _soc12, "低压电量");
        PackSoc = Analog(main, "PackSoc", "P1", 0, 100, 10_000, 0.5, _socPack, "动力电量");
        RadioLatency = Analog(main, "RadioLatency", "C26", 0, 2000, 1000, 5, 12, "无线延迟");
        LineStopReason = Add(main, "LineStopReason", 0);
        HoldRequested = Add(main, "HoldRequested", false);
        ResultStation = Add(main, "Result.StationId", "");
        ResultIn = Add(main, "Result.EnteredAt", DateTime.UnixEpoch);
        ResultOut = Add(main, "Result.LeftAt", DateTime.UnixEpoch);
        ResultId = Add(main, "Result.Id", "");
        _obstacleAlarm = new(Alarm(main, "OBST", 2), 0.5, above: true, 20, 0);
        _lateralAlarm = new(Alarm(main, "LAT", 2), 25, above: true, 1, 3);
        _radioAlarm = new(Alarm(main, "RADIO", 3), 100, above: true, 3, 5);
        _andon = Alarm(main, "ANDON", 3);
        AddRemoteMethod("RequestHold", [new("vin", SignalType.String, "VIN of the vehicle, 17 characters")], a => Request(a, hold: true));
        AddRemoteMethod("RequestRelease", [new("vin", SignalType.String, "VIN of the vehicle, 17 characters")], a => Request(a, hold: false));
        AddRemoteMethod("SetLineSpeed", [new("speed", SignalType.Double, "0.03 to 0.06 m/s, at most 10 % a minute")], SetLineSpeed);
        _drive = Every((int)(LineOfVehicles.StepSeconds * 1000), SampleDrive);
        _lateral = Every(500, SampleLateral);
        _latency = Every(1000, SampleRadio);
        _charge = Every(10_000, SampleCharge);
    }

    public Signal<string> VehicleId { get; }
    public Signal<double> LinePosition { get; }
    public Signal<double> Speed { get; }
    public Signal<double> LateralError { get; }
    public Signal<double> GapAhead { get; }
    public Signal<bool> Obstacle { get; }

    /// <summary>A <see cref="DriveState"/> as a number.</summary>
    public Signal<int> DriveStateSignal { get; }
    public Signal<string> StationId { get; }
    public Signal<double> Soc12V { get; }
    public Signal<double> PackSoc { get; }
    public Signal<double> RadioLatency { get; }
    public Signal<int> LineStopReason { get; }
    public Signal<bool> HoldRequested { get; }

    /// <summary>The station last left, and when it was entered and left.</summary>
    public Signal<string> ResultStation { get; }
    public Signal<DateTime> ResultIn { get; }
    public Signal<DateTime> ResultOut { get; }

    /// <summary>Published last of a result.</summary>
    public Signal<string> ResultId { get; }

    /// <summary>Metres by which the position is reported wrongly; 0 when sound.</summary>
    public double PositionJump { get; set; }

    /// <summary>The VIN of another vehicle that this one reports; null when sound.</summary>
    public string? DuplicateVin { get; set; }

    /// <summary>Milliseconds that a radio hole adds to the latency; 0 when sound.</summary>
    public double RadioFade { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Vehicle/";

    /// <inheritdoc/>
    public override string DisplayName => "自行走车辆 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _ownLine is null || _vehicle?.Part is not { } part ? [] : [part];

    /// <summary>Makes this the controller of the line's vehicle of the same number; only before anything runs.</summary>
    public void Join(VehicleLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (_number > line.Vehicles.Vehicles.Count) throw new ArgumentException($"{line.Code} has {line.Vehicles.Vehicles.Count} vehicles; {Code} is none of them.", nameof(line));
        _line = line;
        _vehicle = line.Vehicles.Vehicles[_number - 1];
    }

    /// <summary>Somebody at this vehicle pulls the cord and lets it go after some seconds; the line stops if the vehicle reaches the end of its station meanwhile.</summary>
    public void PullAndon(double seconds)
    {
        _vehicle!.Andon = true;
        _andon.Set(true);
        After(seconds, () =>
        {
            _vehicle.Andon = false;
            _andon.Set(false);
        });
    }

    /// <summary>Something stands in the vehicle's way for some seconds.</summary>
    public void Block(double seconds)
    {
        Obstacle.Set(true);
        _protective = true;
        After(seconds, () => Obstacle.Set(false));
        // Clear for three seconds, then somebody confirms at the vehicle.
        After(seconds + ClearSeconds + _obstacles.Uniform(2, 8), () => _protective = Obstacle.Value);
    }

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        if (_vehicle is null)
        {
            _ownLine = new(1);
            _vehicle = _ownLine.Vehicles[0];
        }

        _drive.Start();
        _lateral.Start();
        _latency.Start();
        _charge.Start();
        NextObstacle();
    }

    /// <inheritdoc/>
    protected override void OnExecute()
    {
    }

    /// <summary>The next sample takes the drive's release away.</summary>
    protected override void OnLeaveExecute(PackMlState next)
    {
    }

    /// <inheritdoc/>
    protected override void OnEnded(PackMlState ended)
    {
    }

    private void NextObstacle() => After(_obstacles.Exponential(ObstacleHours * 3600), () =>
    {
        if (_vehicle!.Part is not null) Block(_obstacles.Exponential(ObstacleSeconds));
        NextObstacle();
    });

    private void SampleDrive()
    {
        var vehicle = _vehicle!;
        vehicle.MayDrive = PackMl == PackMlState.Execute && !_protective && !HoldRequested.Value && RadioLatency.Value < RadioStop;
        DriveAlone(vehicle);
        var vin = vehicle.Part?.Id ?? "";
        if (vin.Length > 0 && vin != _vin) PartId.Set(vin);
        if (vin.Length == 0 && _vin.Length > 0) GoodCount.Set(GoodCount.Value + 1);
        if (vin != _vin) HoldRequested.Set(false);
        VehicleId.Set(vin.Length > 0 ? DuplicateVin ?? vin : "");
        LinePosition.Set(vehicle.Position + PositionJump);
        Speed.Set(vehicle.Speed);
        GapAhead.Set(Math.Clamp(vehicle.Gap, 0, 50));
        DriveStateSignal.Set((int)vehicle.State);
        var station = vehicle.Station > 0 ? $"ST{vehicle.Station:D3}" : "";
        if (station != _station) ChangeStation(station, _vin);
        _vin = vin;
        LineStopReason.Set(_line?.LineStopReason.Value ?? 0);
        _obstacleAlarm.Evaluate(_protective ? 1 : 0, Seconds);
    }

    // Alone the vehicle is the only one on a line of its own, and starts again as another when it has come to the end.
    private void DriveAlone(LineVehicle vehicle)
    {
        if (_ownLine is null) return;
        if (vehicle.State == DriveState.Handback) Context.Parts.End(_ownLine.Leave(vehicle), PartFate.Shipped);
        else if (vehicle.Part is null && PackMl == PackMlState.Execute) _ownLine.Enter(Context.Parts.Make(Vin.Create(++_serial), PartKind.Vehicle));
        _ownLine.Step(running: true);
    }

    private void ChangeStation(string station, string vin)
    {
        var now = new DateTime(Clock.ToSource(Now), DateTimeKind.Utc);
        StationId.Set(station);
        if (_station.Length > 0)
        {
            ResultStation.Set(_station);
            ResultIn.Set(_enteredAt);
            ResultOut.Set(now);
            ResultId.Set($"{vin}-{_station}");
        }

        _station = station;
        _enteredAt = now;
    }

    private void SampleLateral()
    {
        if (_vehicle!.Speed <= 0) return;
        LateralError.Set(_guidance.Next());
        _lateralAlarm.Evaluate(Math.Abs(_guidance.Value), Seconds);
    }

    private void SampleRadio()
    {
        RadioLatency.Set(Math.Min(2000, _radio.LogNormal(12, 0.35) + RadioFade));
        _radioAlarm.Evaluate(RadioLatency.Value, Seconds);
    }

    // Electronics draw 0.4 % an hour from either battery; a new vehicle comes with both as delivered.
    private void SampleCharge()
    {
        if (_vehicle!.Part is null) (_soc12, _socPack) = (95, 30);
        else (_soc12, _socPack) = (_soc12 - 0.4 / 360, _socPack - 0.4 / 360);
        Soc12V.Set(_soc12);
        PackSoc.Set(_socPack);
    }

    private MethodOutcome Request(SignalValue[] arguments, bool hold)
    {
        if (arguments[0].AsString != _vin || _vin.Length == 0)
            return new(MethodOutcome.BadInvalidArgument, $"{Code} carries {(_vin.Length > 0 ? _vin : "no vehicle")}, not {arguments[0].AsString}.");
        HoldRequested.Set(hold);
        return MethodOutcome.Good;
    }

    private MethodOutcome SetLineSpeed(SignalValue[] arguments) => _line is null
        ? MethodOutcome.WrongState($"{Code} drives on no line.")
        : _line.RequestSpeed(arguments[0].AsDouble);
}
