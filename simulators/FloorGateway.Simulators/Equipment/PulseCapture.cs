using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Fast capture of the pilot tray's first channel: 5 s of voltage and current in steps of 10 ms from each change of current on. The ohmic part of the resistance
/// answers at once, charge transfer and diffusion follow.
/// </summary>
internal sealed class PulseCapture
{
    private const int Points = 500;
    private const double StepSeconds = 0.01, OhmicShare = 0.4, Tau = 1.5, RiseSeconds = 0.02, LeastChange = 0.5;
    private readonly RandomStream _noise;
    private readonly Signal<float[]> _time, _voltage, _current;
    private readonly Signal<double> _ohmic;
    private readonly Signal<string> _id;

    public PulseCapture(FormationRack rack, string tray)
    {
        _noise = rack.CaptureStream();
        _time = rack.Capture(tray, "Capture.t", "SEC", 0, 5);
        _voltage = rack.Capture(tray, "Capture.V", "VLT", 0, 5);
        _current = rack.Capture(tray, "Capture.I", "AMP", -30, 30);
        (_ohmic, _id) = rack.CaptureResult(tray);
    }

    /// <summary>The current of channel 1 may have changed: captures the edge, if there is one.</summary>
    /// <param name="cells">The cells, already driven with the new current.</param>
    /// <param name="before">Current before, A.</param>
    /// <param name="tray">Id of the tray.</param>
    /// <param name="step">Number of the step that begins.</param>
    public void OnStep(FormationCells cells, double before, string tray, int step)
    {
        var after = cells.Current(0);
        if (Math.Abs(after - before) < LeastChange) return;
        var resistance = cells.Resistance(0) / 1000;
        var rest = cells.VoltageAt(0, before);
        var (t, v, i) = (new float[Points], new float[Points], new float[Points]);
        for (var n = 0; n < Points; n++)
        {
            var at = n * StepSeconds;
            var rise = Math.Min(1, at / RiseSeconds) * (after - before);
            var slow = (1 - OhmicShare) * (1 - DeterministicMath.Exp(-at / Tau)) * (after - before);
            t[n] = (float)at;
            i[n] = (float)(before + rise);
            v[n] = (float)(rest + resistance * (OhmicShare * rise + slow) + _noise.Normal(0, 0.00005));
        }

        _time.Set(t);
        _voltage.Set(v);
        _current.Set(i);
        // The jump right after the rise over the change of current.
        const int settled = (int)(RiseSeconds / StepSeconds) + 1;
        _ohmic.Set((v[settled] - v[0]) / (after - before) * 1000);
        _id.Set(string.Create(CultureInfo.InvariantCulture, $"{tray}-S{step:D2}"));
    }
}
