using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Glazing robot: lays a bead of adhesive on a windscreen, looks at it, and sets the glass into the body; 105 s a vehicle.</summary>
public sealed class GlazingRobot : PassThroughStation
{
    private const double NominalCycle = 105, BeadSeconds = 40, WidthLimit = 8, OpenTimeLimit = 8, FitLimit = 1, PrimerLow = 5, PrimerHigh = 45;

    // OPC UA severity of status: UncertainLastUsableValue says that the camera shows its previous picture.
    private const uint UncertainLastUsableValue = 0x4090_0000;

    private readonly RandomStream _glass, _fit;
    private readonly Ar1Noise _width, _height, _heater;
    private readonly Pt1 _adhesive = new(120, 80);
    private readonly Sampler _beadGrid, _slow;
    private readonly AlarmBit _bead, _openTime, _jam;
    private double _beadAt, _primerDrawn, _takenGlassAt, _minWidth, _maxWidth, _minHeight, _maxHeight, _gapAt;
    private bool _gap, _rejected, _laid;
    private int _glasses;

    /// <param name="code">GL01 or GL02.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public GlazingRobot(string code, UnitContext context)
        : base(code, $"LXE/JSH/ASM/FINAL/{code}", PartKind.Vehicle, ["WINDSCREEN", "REAR-GLASS"], context)
    {
        _glass = Stream("glass");
        _fit = Stream("fit");
        var bead = Stream("bead");
        _width = new(bead, 0.8, 0.4);
        _height = new(bead, 0.8, 0.5);
        _heater = new(Stream("heater"), 0.97, 1.8);
        var main = MainSubUnit;
        BeadWidth = Analog(main, "Bead.Width", "MMT", 0, 20, 200, 0.1, 0, "胶宽");
        BeadHeight = Analog(main, "Bead.Height", "MMT", 0, 20, 200, 0.1, 0, "胶高");
        BeadGap = Add(main, "Bead.Gap", false);
        NozzlePressure = Analog(main, "NozzlePressure", "BAR", 0, 160, 200, 1, 0, "喷嘴压力");
        AdhesiveTemp = Analog(main, "AdhesiveTemp", "CEL", 0, 120, 1000, 0.2, 80, "胶温");
        PrimerAge = Analog(main, "PrimerAge", "MIN", 0, 120, 0, 0, 0);
        OpenTime = Analog(main, "OpenTime", "MIN", 0, 120, 0, 0, 0);
        FitX = Analog(main, "Fit.dX", "MMT", -5, 5, 0, 0, 0);
        FitY = Analog(main, "Fit.dY", "MMT", -5, 5, 0, 0, 0);
        FitZ = Analog(main, "Fit.dZ", "MMT", -5, 5, 0, 0, 0);
        GlassId = Add(main, "GlassId", "");
        VisionState = Add(main, "VisionState", 0);
        MinWidth = Analog(main, "Result.BeadWidthMin", "MMT", 0, 20, 0, 0, 0);
        MaxWidth = Analog(main, "Result.BeadWidthMax", "MMT", 0, 20, 0, 0, 0);
        MinHeight = Analog(main, "Result.BeadHeightMin", "MMT", 0, 20, 0, 0, 0);
        MaxHeight = Analog(main, "Result.BeadHeightMax", "MMT", 0, 20, 0, 0, 0);
        ImageId = Add(main, "Result.ImageId", "");
        _bead = Alarm(main, "BEAD", 2, latched: true);
        _openTime = Alarm(main, "OPEN_T", 2, latched: true);
        _jam = Alarm(main, "JAM", 2, latched: true);
        // A rejected glass is laid aside: it is neither placed nor pressed, and the body goes on without.
        Cycle
            .Add(1, () => 12, Pick)
            .Add(2, () => 6, CheckPrimer)
            .Add(3, () => BeadSeconds, LayBead, interruptible: false)
            .Add(4, () => 12, Scan)
            .Add(5, () => 18, Place, when: () => !_rejected)
            .Add(6, () => 5, MeasureFit, interruptible: false, when: () => !_rejected)
            .Add(7, () => Remainder(5), Return);
        _beadGrid = Every(200, SampleBead);
        _slow = Every(1000, SampleSlow);
    }

    public Signal<double> BeadWidth { get; }
    public Signal<double> BeadHeight { get; }
    public Signal<bool> BeadGap { get; }
    public Signal<double> NozzlePressure { get; }
    public Signal<double> AdhesiveTemp { get; }

    /// <summary>Age of the primer when the bead is begun, min.</summary>
    public Signal<double> PrimerAge { get; }

    /// <summary>From the end of the bead to the glass's place, min.</summary>
    public Signal<double> OpenTime { get; }
    public Signal<double> FitX { get; }
    public Signal<double> FitY { get; }
    public Signal<double> FitZ { get; }
    public Signal<string> GlassId { get; }

    /// <summary>0 idle, 1 ready, 2 taking pictures of the bead, 3 measuring the fit.</summary>
    public Signal<int> VisionState { get; }
    public Signal<double> MinWidth { get; }
    public Signal<double> MaxWidth { get; }
    public Signal<double> MinHeight { get; }
    public Signal<double> MaxHeight { get; }
    public Signal<string> ImageId { get; }

    /// <summary>The camera sees badly: the fit is published with an uncertain status.</summary>
    public bool CameraIsBlurred { get; set; }

    /// <summary>The next glass jams when it is placed.</summary>
    public bool JamsAtPlacement { get; set; }

    /// <summary>The nozzle clogs: the bead becomes narrower by this, mm; 0 when clean.</summary>
    public double NozzleClogging { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Vehicle/";

    /// <inheritdoc/>
    public override string DisplayName => "玻璃涂胶 " + Code;

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _slow.Start();
    }

    private void Pick()
    {
        Take(NominalCycle);
        _rejected = _laid = false;
        _takenGlassAt = Seconds;
        _primerDrawn = _glass.Normal(20, 5);
        _gap = _glass.Chance(0.002);
        _gapAt = _glass.Uniform(5, BeadSeconds - 5);
        GlassId.Set($"WS-{Code}-{++_glasses:D7}");
        VisionState.Set(1);
    }

    private void CheckPrimer()
    {
        PrimerAge.Set(_primerDrawn + (Seconds - _takenGlassAt) / 60);
        if (PrimerAge.Value is < PrimerLow or > PrimerHigh) Fail("PRIMER");
    }

    private void LayBead()
    {
        _beadAt = Seconds;
        _laid = true;
        (_minWidth, _minHeight, _maxWidth, _maxHeight) = (double.MaxValue, double.MaxValue, 0, 0);
        _beadGrid.Start();
    }

    private void SampleBead()
    {
        // The air bubble that breaks the bead is as long as what is laid in half a second.
        var isGap = _gap && Math.Abs(Seconds - _beadAt - _gapAt) < 0.25;
        var width = isGap ? 0 : 10 + _width.Next() - NozzleClogging;
        var height = isGap ? 0 : 12 + _height.Next();
        (_minWidth, _maxWidth) = (Math.Min(_minWidth, width), Math.Max(_maxWidth, width));
        (_minHeight, _maxHeight) = (Math.Min(_minHeight, height), Math.Max(_maxHeight, height));
        BeadWidth.Set(width);
        BeadHeight.Set(height);
        BeadGap.Set(isGap);
        // The pump doses a volume, so the pressure follows the viscosity: 2.5 % less a degree.
        NozzlePressure.Set((isGap ? 40 : 85) * DeterministicMath.Exp(-0.025 * (_adhesive.Value - 80)));
    }

    private void Scan()
    {
        StopBead();
        VisionState.Set(2);
        _rejected = _gap || _minWidth < WidthLimit;
        if (_rejected) Fail(_bead);
    }

    private void Place()
    {
        VisionState.Set(1);
        OpenTime.Set((Seconds - _beadAt - BeadSeconds) / 60);
        if (OpenTime.Value > OpenTimeLimit)
        {
            _rejected = true;
            Fail(_openTime);
        }

        if (!JamsAtPlacement) return;
        JamsAtPlacement = false;
        _jam.Set(true);
    }

    private void MeasureFit()
    {
        VisionState.Set(3);
        var status = CameraIsBlurred ? UncertainLastUsableValue : 0;
        double x = _fit.Normal(0, 0.3), y = _fit.Normal(0, 0.3), z = _fit.Normal(0, 0.3);
        FitX.Set(x, status);
        FitY.Set(y, status);
        FitZ.Set(z, status);
        if (CameraIsBlurred) CannotDecide("CAMERA");
        else if (Math.Max(Math.Abs(x), Math.Max(Math.Abs(y), Math.Abs(z))) > FitLimit) Fail("FIT");
    }

    private void Return() => VisionState.Set(0);

    /// <inheritdoc/>
    protected override void OnJudge()
    {
        MinWidth.Set(_minWidth);
        MaxWidth.Set(_maxWidth);
        MinHeight.Set(_minHeight);
        MaxHeight.Set(_maxHeight);
        ImageId.Set($"IMG-{GlassId.Value}");
    }

    /// <inheritdoc/>
    protected override void ToRest()
    {
        StopBead();
        VisionState.Set(0);
    }

    private void StopBead()
    {
        if (!_laid) return;
        _beadGrid.Stop();
        BeadWidth.Set(0);
        BeadHeight.Set(0);
        BeadGap.Set(false);
        NozzlePressure.Set(0);
    }

    private void SampleSlow() => AdhesiveTemp.Set(_adhesive.Advance(Seconds, 80 + _heater.Next()));
}
