using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// The controller of a place without a process of its own: a manual station of the assembly line, a conveyor, a cell of the module line, a paint section. Something arrives, is worked on
/// and goes on. At the assembly line it shows the vehicle that drives through its station; elsewhere numbered carriers. It takes no part in the flow of parts.
/// </summary>
public sealed class StationPlc : CyclicUnit
{
    private const double ArriveSeconds = 4, LeaveSeconds = 4, ConveyorMetresPerSecond = 0.3, AndonShare = 0.01, MaterialEvery = 12;

    // Letters of the code: ISA-95 line, cycle in seconds, whether people work there.
    private static readonly Dictionary<string, Place> Places = new()
    {
        ["ST"] = new("ASM", 121.5, Manual: true),
        ["TRIM"] = new("CAS/L01", 120, Manual: false),
        ["XRAY"] = new("CAS/L01", 120, Manual: false),
        ["RAIN"] = new("EOL/L01", 121.5, Manual: false),
        ["AUDIT"] = new("EOL/L01", 600, Manual: true),
        ["CVB"] = new("BDY/L01", 40, Manual: false),
        ["CVP"] = new("PNT/L01", 60, Manual: false),
        ["CVE"] = new("EOL/L01", 60, Manual: false),
        ["CVC"] = new("LQC/L01", 30, Manual: false),
        ["CVM"] = new("MPK/L01", 40, Manual: false),
        ["M01C"] = new("MPK/M01", 41.6, Manual: false),
        ["M02C"] = new("MPK/M02", 41.6, Manual: false),
        ["P01C"] = new("MPK/P01", 121.5, Manual: false),
        ["PTR"] = new("PNT/L01", 121.5, Manual: false),
        ["SEL"] = new("PNT/L01", 121.5, Manual: false),
        ["OVN"] = new("PNT/L01", 121.5, Manual: false),
        ["BTH"] = new("PNT/L01", 121.5, Manual: false),
    };

    private readonly Place _place;
    private readonly RandomStream _people;
    private readonly Sampler _clock;
    private readonly int _number;
    private VehicleLine? _line;
    private double _started;
    private uint _serial;

    /// <param name="code">Letters of a known place and a number, for example ST001.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public StationPlc(string code, UnitContext context)
        : base(code, $"LXE/JSH/{LineOf(code)}/{code}", code, ["STANDARD"], new(60, 15), context)
    {
        var digits = code.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1;
        _place = Places[code[..digits]];
        _number = int.Parse(code.AsSpan(digits), CultureInfo.InvariantCulture);
        _people = Stream("people");
        var main = MainSubUnit;
        PartPresent = Add(main, "PartPresent", false, new() { DisplayName = "工件到位" });
        CycleElapsed = Analog(main, "CycleElapsed", "SEC", 0, 100_000, 2000, 0, 0, resolution: 0.1);
        ConveyorSpeed = Analog(main, "ConveyorSpeed", "MTS", 0, 2, 0, 0, 0);
        ScannerCode = Add(main, "ScannerCode", "");
        Operators = Add(main, "Operators", (ushort)(_place.Manual ? 2 : 0));
        Andon = Add(main, "Andon", false);
        MaterialCall = Add(main, "MaterialCall", false);
        ToolReady = Add(main, "ToolReady", true);
        PickCount = Add(main, "PickCount", 0u);
        Waiting = Add(main, "Waiting", (ushort)0);
        Cycle
            .Add(1, () => ArriveSeconds, Arrive)
            .Add(2, Work, () => ToolReady.Set(true))
            .Add(3, () => LeaveSeconds, Leave);
        _clock = Every(2000, () => CycleElapsed.Set(Seconds - _started));
    }

    public Signal<bool> PartPresent { get; }
    public Signal<double> CycleElapsed { get; }
    public Signal<double> ConveyorSpeed { get; }

    /// <summary>Code read at the arrival.</summary>
    public Signal<string> ScannerCode { get; }
    public Signal<ushort> Operators { get; }
    public Signal<bool> Andon { get; }
    public Signal<bool> MaterialCall { get; }
    public Signal<bool> ToolReady { get; }
    public Signal<uint> PickCount { get; }

    /// <summary>Carriers before the station.</summary>
    public Signal<ushort> Waiting { get; }

    /// <summary>Letters of the codes it may have.</summary>
    public static IReadOnlyCollection<string> Letters => Places.Keys;

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Base/";

    /// <inheritdoc/>
    public override string DisplayName => "工位 " + Code;

    /// <summary>Shows the vehicles of this line; only stations of the assembly line have any.</summary>
    public void Join(VehicleLine line) => _line = LineOf(Code).StartsWith("ASM", StringComparison.Ordinal) ? line : null;

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        CycleTime.Set(Seconds - _started);
        GoodCount.Set(GoodCount.Value + 1);
        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        _clock.Stop();
        ConveyorSpeed.Set(0);
        if (!PartPresent.Value) return;
        PartPresent.Set(false);
        RejectCount.Set(RejectCount.Value + 1);
    }

    // Trim, chassis and final are three lines; the rest says where it belongs in the table.
    private static string LineOf(string code)
    {
        var digits = code.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1;
        var letters = code[..digits];
        var line = Places[letters].Line;
        if (letters != "ST") return line;
        var number = int.Parse(code.AsSpan(digits), CultureInfo.InvariantCulture);
        return number <= 40 ? "ASM/TRIM" : number <= 68 ? "ASM/CHAS" : "ASM/FINAL";
    }

    private void Arrive()
    {
        _started = Seconds;
        var id = VehicleHere() ?? $"{Code}-{++_serial:D6}";
        _clock.Start();
        ConveyorSpeed.Set(ConveyorMetresPerSecond);
        PartPresent.Set(true);
        PartId.Set(id);
        ScannerCode.Set(id);
        Waiting.Set((ushort)_people.Index(4));
    }

    private double Work()
    {
        var seconds = Math.Max(1, DrawCycle(_place.Cycle) - ArriveSeconds - LeaveSeconds);
        ConveyorSpeed.Set(0);
        if (!_place.Manual) return seconds;
        // Two people fetch their parts; now and then one pulls the cord, and every so often a box is empty.
        InThisCycle(seconds * 0.3, () => PickCount.Set(PickCount.Value + (uint)(4 + _people.Index(6))));
        MaterialCall.Set(_people.Chance(1 / MaterialEvery));
        if (!_people.Chance(AndonShare)) return seconds;
        InThisCycle(seconds * 0.5, () => Andon.Set(true));
        InThisCycle(seconds * 0.8, () => Andon.Set(false));
        return seconds;
    }

    private void Leave()
    {
        ToolReady.Set(false);
        ConveyorSpeed.Set(ConveyorMetresPerSecond);
        PartPresent.Set(false);
    }

    private string? VehicleHere()
    {
        if (_line is null) return null;
        foreach (var vehicle in _line.Vehicles.OnLine)
        {
            if (vehicle.Station == _number) return vehicle.Part?.Id;
        }

        return null;
    }

    private sealed record Place(string Line, double Cycle, bool Manual);
}
