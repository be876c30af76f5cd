using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Prints the label of a pack: 4 s to take it, about 20 s to print, 2 s to give it on. A hot head prints badly.</summary>
public sealed class LabelPrinter : CyclicUnit
{
    private readonly RandomStream _contrast;
    private readonly Pt1 _head = new(tauSeconds: 120, initial: 20);
    private readonly Sampler _everySecond;
    private readonly Inlet _in;
    private readonly Outlet _out;
    private Part? _pack;
    private double _takenAt;
    private uint _labels;

    public LabelPrinter(string code, UnitContext context)
        : base(code, $"LXE/JSH/MPK/L01/{code}", code, ["LABEL-STD"], new(MtbfHours: 60, MttrMinutes: 15), context)
    {
        _contrast = Stream("contrast");
        _everySecond = Every(1000, Sample);
        _in = In("in", PartKind.Pack, () => Context.Parts.Make($"{Code}-OWN-{++_labels:D6}", PartKind.Pack, "L110"));
        _out = Out("out", PartKind.Pack);
        HeadTemp = Analog(MainSubUnit, "HeadTemp", "CEL", low: 0, high: 150, ms: 1000, deadband: 0.2, initial: 20, "打印头温度");
        Contrast = Analog(MainSubUnit, "Result.Contrast", "P1", 0, 100, ms: 0, deadband: 0, initial: 0);
        ResultPart = Add(MainSubUnit, "Result.PartId", "");
        HeadHot = new(Alarm(MainSubUnit, "HEAD_HI", priority: 3), limit: 90, above: true, delaySeconds: 5, deadband: 2);
        Cycle.Add(1, () => 4, Take).Add(2, () => DrawCycle(20), () => { }, interruptible: false).Add(3, () => 2, Judge);
    }

    public override string NamespaceUri => "http://jsev.example/UA/Battery/";
    public override string DisplayName => $"贴标机 {Code}";
    public override IEnumerable<Part> InWork => _pack is null ? [] : [_pack];
    public Signal<double> HeadTemp { get; }
    public Signal<double> Contrast { get; }
    public Signal<string> ResultPart { get; }
    public LimitAlarm HeadHot { get; }

    protected override void OnStarted()
    {
        base.OnStarted();
        _everySecond.Start();
    }

    protected override void OnCycleDone()
    {
        CycleTime.Set(Seconds - _takenAt);
        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    protected override void Drop()
    {
        if (_pack is null) return;
        Scrap(_pack, "given up");
        RejectCount.Set(RejectCount.Value + 1);
        _pack = null;
    }

    private void Sample()
    {
        HeadTemp.Set(_head.Advance(Seconds, Cycle.Current == 2 ? 75 : 20));
        HeadHot.Evaluate(_head.Value, Seconds);
    }

    private void Take()
    {
        _pack = _in.Take();
        _takenAt = Seconds;
        PartId.Set(_pack.Id);
    }

    private void Judge()
    {
        var pack = _pack!;
        _pack = null;
        Contrast.Set(_contrast.Normal(88 - Math.Max(0, _head.Value - 70), 3));
        Judge(pack, $"{Code}-{Seconds:F0}", Contrast.Value >= 75);
        (pack.IsGood ? GoodCount : RejectCount).Set((pack.IsGood ? GoodCount : RejectCount).Value + 1);
        ResultPart.Set(pack.Id);
        if (pack.IsGood) _out.Put(pack);
        else Scrap(pack, "label");
    }
}
