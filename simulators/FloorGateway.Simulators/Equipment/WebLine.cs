using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// A machine that works on running web and makes one roll after the other without stopping: speed ramps of 1 m/min each second, length as the integral of the speed.
/// A roll in work survives Hold and Suspend, and is given up by Stop and Abort.
/// </summary>
public abstract class WebLine : EquipmentUnit
{
    private const double Ramp = 1, StepSeconds = 0.2;
    private readonly Sampler _web;
    private readonly double _rollMetres;
    private double _rollStart;

    /// <param name="code">Cell code.</param>
    /// <param name="location">ISA-95 path of the cell.</param>
    /// <param name="mainSubUnit">Work unit that carries the common signals.</param>
    /// <param name="recipes">Released recipes; the first is loaded.</param>
    /// <param name="reliability">Breakdown behaviour.</param>
    /// <param name="rollMetres">Length of a roll, m.</param>
    /// <param name="context">Seed, clock and sink.</param>
    protected WebLine(string code, string location, string mainSubUnit, IReadOnlyList<string> recipes, Reliability reliability, double rollMetres, UnitContext context)
        : base(code, location, mainSubUnit, recipes, reliability, context)
    {
        _rollMetres = rollMetres;
        WebSpeed = Analog(mainSubUnit, "WebSpeed", "2X", 0, 100, 200, 0.1, 0, "线速度");
        _web = Every(200, SampleWeb);
    }

    public Signal<double> WebSpeed { get; }

    /// <summary>Speed of the web, m/min.</summary>
    public double Speed { get; private set; }

    /// <summary>Web that ever ran through, m.</summary>
    public double Position { get; private set; }

    /// <summary>Web on the roll in work, m.</summary>
    public double Metres { get; private set; }

    /// <summary>True from a roll's first metre to its last.</summary>
    protected bool InRoll { get; private set; }

    /// <summary>The speed to run at, m/min.</summary>
    protected abstract double WantedSpeed { get; }

    /// <summary>What the WebSpeed signal shows.</summary>
    protected virtual double ShownSpeed => Speed;

    /// <summary>True when the web runs at its wanted speed: what is made while it ramps is judged more kindly.</summary>
    protected bool IsUpToSpeed => InRoll && Speed >= WantedSpeed * 0.9;

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _web.Start();
    }

    /// <inheritdoc/>
    protected override bool MayComplete(PackMlState acting) =>
        acting is not (PackMlState.Holding or PackMlState.Suspending or PackMlState.Stopping or PackMlState.Completing) || Speed == 0;

    /// <inheritdoc/>
    protected override void OnExecute()
    {
        if (InRoll || GoOnOrSuspend()) Go();
    }

    /// <inheritdoc/>
    protected override void OnLeaveExecute(PackMlState next)
    {
        Step.Set(0);
        if (next != PackMlState.Aborting) return;
        Speed = 0;
        WebSpeed.Set(0);
        GiveUp();
    }

    /// <inheritdoc/>
    protected override void OnEnded(PackMlState ended) => GiveUp();

    /// <summary>A roll begins: take what it is made of.</summary>
    protected abstract void BeginRoll();

    /// <summary>The web has moved by some metres in the last 200 ms; with a speed of 0 it stood still.</summary>
    protected abstract void OnWeb(double metres);

    /// <summary>The roll has its length: judge it and put it out.</summary>
    protected abstract void FinishRoll();

    /// <summary>The roll in work is lost; there may be none.</summary>
    protected abstract void Drop();

    private void Go()
    {
        Step.Set(1);
        if (InRoll) return;
        InRoll = true;
        Metres = 0;
        _rollStart = Seconds;
        BeginRoll();
    }

    private void GiveUp()
    {
        if (InRoll) Drop();
        InRoll = false;
    }

    private void SampleWeb()
    {
        var target = PackMl == PackMlState.Execute && InRoll ? WantedSpeed : 0;
        // The last step may be a hair longer: sums of 0.2 do not end on the round number.
        const double step = Ramp * StepSeconds;
        Speed = Math.Abs(target - Speed) < step * 1.001 ? target : Speed + (target > Speed ? step : -step);
        var metres = Speed / 60 * StepSeconds;
        Position += metres;
        if (InRoll) Metres += metres;
        WebSpeed.Set(ShownSpeed);
        OnWeb(metres);
        if (PackMl != PackMlState.Execute || !InRoll) return;
        Step.Set(Speed < WantedSpeed ? 1 : 2);
        if (Metres >= _rollMetres) EndRoll();
    }

    private void EndRoll()
    {
        InRoll = false;
        CycleTime.Set(Seconds - _rollStart);
        FinishRoll();
        if (ContinueAfterCycle()) Go();
        else Step.Set(0);
    }
}
