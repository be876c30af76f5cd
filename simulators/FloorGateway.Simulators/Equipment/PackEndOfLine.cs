using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>End-of-line test of a pack: communication, cell voltages, insulation, high voltage, resistance by a current pulse, equipotential bonding; 540 s a pack.</summary>
public sealed class PackEndOfLine : PassThroughStation
{
    private const double NominalCycle = 540, HipotSeconds = 60, HipotVolts = 2700, PulseSeconds = 10, PulseCurrent = 300;
    private const double DeltaLimit = 10, InsulationLimit = 20, HipotLimit = 1, DcirLow = 88, DcirHigh = 95, PeLimit = 40, VoltLow = 778, VoltHigh = 790;
    private const int Cells = 216;
    private const string ReleasedSoftware = "BMS-4.2.0";

    // Slope of the open-circuit voltage at 30 % charge, where the packs leave formation: 3.61 V.
    private const double RestVoltage = 3.61, VoltsPerCharge = 0.4;

    private readonly RandomStream _cells, _electric;
    private readonly Ar1Noise _air;
    private readonly Sampler _fast, _slow;
    private readonly float[] _voltages = new float[Cells];
    private readonly AlarmBit _delta, _isolation;
    private double _stepAt, _packVolts, _dcir, _insulation, _hipot, _pe;

    /// <param name="code">PE01 to PE05.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public PackEndOfLine(string code, UnitContext context)
        : base(code, $"LXE/JSH/MPK/L01/{code}", PartKind.Pack, ["EOL-S120", "EOL-L110"], context)
    {
        _cells = Stream("cells");
        _electric = Stream("electric");
        _air = new(Stream("air"), 0.999, 0.06);
        var main = MainSubUnit;
        PackOcv = Analog(main, "PackOcv", "VLT", 0, 1000, 0, 0, 0, "包开路电压");
        CellV = FloatArray(main, "CellV", "VLT", 0, 5, 0, 0, Cells);
        CellDelta = Analog(main, "CellDelta", "2Z", 0, 5000, 0, 0, 0, "压差");
        Insulation = Analog(main, "Insulation", "B75", 0, 500, 0, 0, 0, "绝缘电阻");
        HipotLeak = Analog(main, "HipotLeak", "4K", 0, 20, 0, 0, 0, "耐压漏电流");
        HipotVoltage = Analog(main, "HipotVoltage", "VLT", 0, 5000, 1000, 5, 0);
        TestCurrent = Analog(main, "TestCurrent", "AMP", -500, 500, 100, 1, 0);
        TestVoltage = Analog(main, "TestVoltage", "VLT", 0, 1000, 100, 0.1, 0);
        Dcir = Analog(main, "Dcir", "E45", 0, 1000, 0, 0, 0, "直流内阻");
        PeRes = Analog(main, "PeRes", "E45", 0, 1000, 0, 0, 0, "等电位电阻");
        AmbientTemp = Analog(main, "AmbientTemp", "CEL", 0, 50, 1000, 0.05, 23, "环境温度");
        BmsComm = Add(main, "BmsComm", 0);
        SwVersion = Add(main, "SwVersion", "");
        Contactor = Add(main, "Contactor", false);
        CoverClosed = Add(main, "CoverClosed", false);
        HvInterlock = Add(main, "HvInterlock", true);
        _delta = Alarm(main, "DELTA", 2, latched: true);
        _isolation = Alarm(main, "ISO", 1, latched: true);
        AddStartMethod("StartTest", "packId", new("program", SignalType.String, "EOL-S120 or EOL-L110"), Unmet, p => p.AsString is "EOL-S120" or "EOL-L110" ? p.AsString : null);
        Cycle
            .Add(1, () => 45, Connect)
            .Add(2, () => 60, Communicate)
            .Add(3, () => 60, ReadCells)
            .Add(4, () => 60, MeasureInsulation)
            .Add(5, () => HipotSeconds, RaiseHighVoltage, interruptible: false)
            .Add(6, () => 30, MeasureBonding)
            .Add(7, () => PulseSeconds, Pulse, interruptible: false)
            .Add(8, () => Remainder(30), EndPulse);
        _fast = Every(100, SamplePulse);
        _slow = Every(1000, SampleSlow);
    }

    public Signal<double> PackOcv { get; }

    /// <summary>The parallel pairs' voltages, in order of series.</summary>
    public Signal<float[]> CellV { get; }

    /// <summary>Largest less smallest of them, mV.</summary>
    public Signal<double> CellDelta { get; }
    public Signal<double> Insulation { get; }
    public Signal<double> HipotLeak { get; }
    public Signal<double> HipotVoltage { get; }
    public Signal<double> TestCurrent { get; }
    public Signal<double> TestVoltage { get; }
    public Signal<double> Dcir { get; }
    public Signal<double> PeRes { get; }
    public Signal<double> AmbientTemp { get; }

    /// <summary>0 none, 1 answers, 2 does not answer.</summary>
    public Signal<int> BmsComm { get; }
    public Signal<string> SwVersion { get; }
    public Signal<bool> Contactor { get; }
    public Signal<bool> CoverClosed { get; }

    /// <summary>The hard-wired high-voltage interlock is closed; shown only.</summary>
    public Signal<bool> HvInterlock { get; }

    /// <summary>One cell of a wrong grade, mV off the others; 0 when all match.</summary>
    public double WrongCell { get; set; }

    /// <summary>Damp in the pack takes this much of the insulation, MΩ; 0 when dry.</summary>
    public double Damp { get; set; }

    /// <summary>The battery management does not answer.</summary>
    public bool BmsIsSilent { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "包下线 " + Code;

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _slow.Start();
    }

    private string? Unmet() => HvInterlock.Value ? null : "the high-voltage interlock is open";

    private void Connect()
    {
        Take(NominalCycle);
        BmsComm.Set(0);
        CoverClosed.Set(true);
        (_dcir, _insulation) = (_electric.Normal(91.5, 1), Math.Max(0, _electric.Normal(80, 10) - Damp));
        (_hipot, _pe) = (Math.Max(0.01, _electric.Normal(0.3, 0.1)), Math.Max(1, _electric.Normal(15, 4)));
    }

    private void Communicate()
    {
        BmsComm.Set(BmsIsSilent ? 2 : 1);
        SwVersion.Set(BmsIsSilent ? "" : ReleasedSoftware);
        if (BmsIsSilent) Fail("BMS_COMM");
        else Contactor.Set(true);
    }

    // Cells of one grade at one charge differ by a millivolt; the pack's charge by 0.4 %.
    private void ReadCells()
    {
        var mean = RestVoltage + _cells.Normal(0, 0.004) * VoltsPerCharge;
        double sum = 0, low = double.MaxValue, high = 0;
        var wrong = WrongCell == 0 ? -1 : _cells.Index(Cells);
        for (var i = 0; i < Cells; i++)
        {
            var volts = mean + _cells.Normal(0, 0.001) + (i == wrong ? WrongCell / 1000 : 0);
            _voltages[i] = (float)volts;
            sum += volts;
            (low, high) = (Math.Min(low, volts), Math.Max(high, volts));
        }

        _packVolts = sum;
        CellV.Set(_voltages);
        PackOcv.Set(sum);
        CellDelta.Set((high - low) * 1000);
        if (sum is < VoltLow or > VoltHigh) Fail("OCV");
        if (CellDelta.Value > DeltaLimit) Fail(_delta);
    }

    private void MeasureInsulation()
    {
        Contactor.Set(false);
        InThisCycle(50, () =>
        {
            Insulation.Set(_insulation);
            if (_insulation < InsulationLimit) Fail(_isolation);
        });
    }

    private void RaiseHighVoltage() => InThisCycle(HipotSeconds - 2, () =>
    {
        HipotLeak.Set(_hipot);
        if (_hipot > HipotLimit) Fail("HIPOT");
    });

    private void MeasureBonding()
    {
        HipotVoltage.Set(0);
        PeRes.Set(_pe);
        if (_pe > PeLimit) Fail("PE_RES");
    }

    private void Pulse()
    {
        _stepAt = Seconds;
        Contactor.Set(!BmsIsSilent);
        if (!BmsIsSilent) _fast.Start();
    }

    // Half of the resistance is ohmic, half builds up with the diffusion; at ten seconds all of it is there.
    private void SamplePulse()
    {
        var built = 0.5 + 0.5 * (1 - DeterministicMath.Exp(-(Seconds - _stepAt) / 2.5)) / (1 - DeterministicMath.Exp(-PulseSeconds / 2.5));
        TestCurrent.Set(PulseCurrent);
        TestVoltage.Set(_packVolts - PulseCurrent * _dcir / 1000 * built);
    }

    private void EndPulse()
    {
        _fast.Stop();
        TestCurrent.Set(0);
        TestVoltage.Set(0);
        Contactor.Set(false);
        if (BmsIsSilent) return;
        Dcir.Set(_dcir);
        if (_dcir is < DcirLow or > DcirHigh) Fail("DCIR");
    }

    private void SampleSlow()
    {
        AmbientTemp.Set(23 + _air.Next());
        // The tester raises the voltage over ten seconds.
        if (Cycle.Current == 5) HipotVoltage.Set(Math.Min(HipotVolts, HipotVoltage.Value + HipotVolts / 10));
    }

    /// <inheritdoc/>
    protected override void OnJudge() => CoverClosed.Set(false);

    /// <inheritdoc/>
    protected override void ToRest()
    {
        _fast.Stop();
        HipotVoltage.Set(0);
        TestCurrent.Set(0);
        TestVoltage.Set(0);
        Contactor.Set(false);
        CoverClosed.Set(false);
    }
}
