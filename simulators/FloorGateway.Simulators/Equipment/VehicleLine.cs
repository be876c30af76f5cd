using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// The self-propelled assembly line: takes painted bodies, gives each a VIN, drives it through 102 stations and hands it over. A machine at a station works on the vehicle while
/// it drives through; when it is not finished at the end of its station, the line stops.
/// </summary>
public sealed class VehicleLine : EquipmentUnit
{
    private const int VehicleCount = 130;
    private const double SlowestSpeed = 0.03, FastestSpeed = 0.06, SpeedStep = 0.10, SpeedInterval = 60;

    private readonly Inlet _bodies;
    private readonly Outlet _finished;
    private readonly List<LineStation> _stations = [];
    private readonly Sampler _tick;
    private readonly AlarmBit _andon;
    private double _speedSetAt = double.NegativeInfinity, _lastOff = double.NaN;
    private int _serial, _bodySerial;

    /// <param name="code">SPL01.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public VehicleLine(string code, UnitContext context)
        : base(code, $"LXE/JSH/ASM/{code}", code, ["CONTINUOUS", "PULSE"], new(200, 8), context)
    {
        var main = MainSubUnit;
        _bodies = In("body", PartKind.PaintedBody, () => Context.Parts.Make(Bodies.Painted(Bodies.Id(Clock.ToSource(Now), "RB001", ++_bodySerial)), PartKind.PaintedBody));
        _finished = Out("vehicle", PartKind.Vehicle);
        LineSpeed = Analog(main, "LineSpeed", "MTS", 0, LineOfVehicles.MaxSpeed, 0, 0, 0, "线速度");
        WantedSpeed = Analog(main, "WantedSpeed", "MTS", SlowestSpeed, FastestSpeed, 0, 0, Vehicles.Speed, "目标线速度");
        Takt = Analog(main, "Takt", "SEC", 0, 100_000, 0, 0, 0, "节拍时间", resolution: 0.01);
        OnLine = Add(main, "VehiclesOnLine", 0u);
        LineStopReason = Add(main, "LineStopReason", 0);
        StopStation = Add(main, "StopStation", "");
        _andon = Alarm(main, "ANDON", 3);
        AddRemoteMethod("SetLineSpeed", [new("speed", SignalType.Double, "0.03 to 0.06 m/s, at most 10 % a minute")], a => RequestSpeed(a[0].AsDouble));
        _tick = Every((int)(LineOfVehicles.StepSeconds * 1000), Tick);
    }

    /// <summary>The vehicles and how they move.</summary>
    public LineOfVehicles Vehicles { get; } = new(VehicleCount);

    public Signal<double> LineSpeed { get; }
    public Signal<double> WantedSpeed { get; }

    /// <summary>Time between the last two vehicles that left the line.</summary>
    public Signal<double> Takt { get; }
    public Signal<uint> OnLine { get; }

    /// <summary>0 runs, 1 andon or a station that is not finished, 2 a station without parts, 3 no room behind the line, 4 the line itself is not in Execute.</summary>
    public Signal<int> LineStopReason { get; }

    /// <summary>The station that stops the line, for example ST052.</summary>
    public Signal<string> StopStation { get; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Vehicle/";

    /// <inheritdoc/>
    public override string DisplayName => "自行走总装线 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => Vehicles.OnLine.Where(v => !v.AtWork).Select(v => v.Part!);

    /// <summary>Puts a machine at a station; it takes the vehicle there and gives it back.</summary>
    /// <param name="number">Station from 1 to 102.</param>
    /// <param name="machine">Its first inlet and its outlets of vehicles are used; what it sends to rework rolls on too, marked as not good.</param>
    public void AddStation(int number, EquipmentUnit machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, LineOfVehicles.Stations);
        if (_stations.Exists(s => s.Number == number)) throw new ArgumentException($"{Code} has a machine at ST{number:D3} already.", nameof(number));
        var name = $"ST{number:D3}";
        var to = Out(name, PartKind.Vehicle);
        var back = In(name, PartKind.Vehicle, () => throw new InvalidOperationException($"{Code}.{name} is not connected."));
        var before = new PartBuffer($"{name} in", PartKind.Vehicle, 1);
        var after = new PartBuffer($"{name} out", PartKind.Vehicle, 1);
        to.Connect(before);
        machine.Inlets.First(i => i.Kind == PartKind.Vehicle).Connect(before);
        foreach (var outlet in machine.Outlets.Where(o => o.Kind == PartKind.Vehicle)) outlet.Connect(after);
        back.Connect(after);
        _stations.Add(new(number, machine, to, back));
    }

    /// <summary>The buffers of the stations, for the conservation of parts.</summary>
    public IEnumerable<PartBuffer> StationBuffers => _stations.SelectMany(s => new[] { s.To.Buffer!, s.Back.Buffer! });

    /// <summary>A request for another speed; the line refuses what is too fast, too slow or too sudden.</summary>
    public MethodOutcome RequestSpeed(double speed)
    {
        if (!(speed is >= SlowestSpeed and <= FastestSpeed))
            return new(MethodOutcome.BadOutOfRange, $"{Code}: the line drives {SlowestSpeed} to {FastestSpeed} m/s.");
        if (Math.Abs(speed / Vehicles.Speed - 1) > SpeedStep + 1e-9) return new(MethodOutcome.BadOutOfRange, $"{Code}: the speed changes by at most 10 % a minute.");
        if (Seconds - _speedSetAt < SpeedInterval) return MethodOutcome.WrongState($"{Code}: the speed was changed less than a minute ago.");
        _speedSetAt = Seconds;
        Vehicles.Speed = speed;
        WantedSpeed.Set(speed);
        return MethodOutcome.Good;
    }

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _tick.Start();
    }

    /// <inheritdoc/>
    protected override void OnExecute() => Vehicles.Pulsed = RecipeId.Value == "PULSE";

    /// <summary>The vehicles stand where they are.</summary>
    protected override void OnLeaveExecute(PackMlState next)
    {
    }

    /// <inheritdoc/>
    protected override void OnEnded(PackMlState ended)
    {
    }

    private void Tick()
    {
        foreach (var station in _stations) Serve(station);
        HandOver();
        var (reason, where) = WhyStopped();
        LineStopReason.Set(reason > 0 ? reason : PackMl == PackMlState.Execute ? 0 : 4);
        StopStation.Set(where);
        Blocked.Set(reason == 3);
        Starved.Set(reason == 2);
        _andon.Set(reason == 1);
        if (reason > 0) Fire(PackMlCommand.Suspend);
        else if (PackMl == PackMlState.Suspended && StopReason.Value != 2) Fire(PackMlCommand.Unsuspend);
        var running = reason == 0 && PackMl == PackMlState.Execute;
        LineSpeed.Set(running ? Vehicles.Speed : 0);
        if (running && Vehicles.HasRoom && _bodies.IsReady) Begin();
        Vehicles.Step(running);
        OnLine.Set((uint)Vehicles.OnLine.Count);
    }

    private void Begin()
    {
        var body = _bodies.Take();
        var vehicle = Context.Parts.Make(Vin.Create(++_serial), PartKind.Vehicle);
        Consume(body, vehicle, 1);
        Vehicles.Enter(vehicle);
        PartId.Set(vehicle.Id);
    }

    /// <summary>Puts a vehicle of earlier days on the line; only before anything runs.</summary>
    internal void Place(Part vehicle, double position)
    {
        Vehicles.Place(vehicle, position);
        _serial++;
    }

    private void Serve(LineStation station)
    {
        if (station.Present is { } present)
        {
            if (station.Back.Available > 0) station.Back.Take();
            else if (present.Part is { Fate: PartFate.InStock }) return;
            else Vehicles.Leave(present); // the machine has scrapped it
            station.Present = null;
            present.DoneAt = station.Number;
            present.AtWork = false;
            return;
        }

        foreach (var vehicle in Vehicles.OnLine)
        {
            if (vehicle.Station != station.Number || vehicle.AtWork || vehicle.DoneAt == station.Number) continue;
            station.Present = vehicle;
            vehicle.AtWork = true;
            station.To.Put(vehicle.Part!);
            return;
        }
    }

    private void HandOver()
    {
        if (Vehicles.OnLine.Count == 0 || Vehicles.OnLine[0] is not { State: DriveState.Handback, AtWork: false } first || !_finished.IsReady) return;
        _finished.Put(Vehicles.Leave(first));
        GoodCount.Set(GoodCount.Value + 1);
        if (!double.IsNaN(_lastOff)) Takt.Set(Seconds - _lastOff);
        if (!double.IsNaN(_lastOff)) CycleTime.Set(Seconds - _lastOff);
        _lastOff = Seconds;
    }

    private (int Reason, string Station) WhyStopped()
    {
        foreach (var station in _stations)
        {
            if (station.Present is { } present && present.Position >= station.Number * LineOfVehicles.Pitch - LineOfVehicles.EndTolerance) return (station.Machine.Starved.Value ? 2 : 1, $"ST{station.Number:D3}");
        }

        foreach (var vehicle in Vehicles.OnLine)
        {
            if (vehicle is { Andon: true, AtStationEnd: true }) return (1, $"ST{vehicle.Station:D3}");
        }

        return Vehicles.OnLine is [{ State: DriveState.Handback }, ..] ? (3, $"ST{LineOfVehicles.Stations:D3}") : (0, "");
    }

    /// <summary>A machine at a station, and the vehicle in its hands.</summary>
    private sealed record LineStation(int Number, EquipmentUnit Machine, Outlet To, Inlet Back)
    {
        public LineVehicle? Present { get; set; }
    }
}
