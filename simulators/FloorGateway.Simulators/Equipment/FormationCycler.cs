using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Drives the 36 channels of a tray through a program. Steps by time end together; in steps by voltage or charge each
/// channel waits without current for the others, except that constant voltage follows its charge at once.
/// </summary>
public sealed class FormationCycler(FormationProgram program, FormationCells cells)
{
    private const double CvTau = 600;
    private readonly double[] _stepCurrent = [.. Enumerable.Range(0, program.Steps.Count).Select(program.CurrentOf)];
    private readonly int[] _channelStep = new int[FormationCells.Count];
    private readonly double[] _cvElapsed = new double[FormationCells.Count], _cvStart = new double[FormationCells.Count];

    /// <summary>The tray's step, from 0: that of its slowest channel.</summary>
    public int Step { get; private set; }

    /// <summary>Seconds in the step.</summary>
    public double StepElapsed { get; private set; }

    /// <summary>Seconds since the program's start, pauses left out.</summary>
    public double RunElapsed { get; private set; }

    /// <summary>True after the last step.</summary>
    public bool Finished => Step >= program.Steps.Count;

    /// <summary>Judges the step that ran for <paramref name="seconds"/> and sets the currents for the next stretch.</summary>
    /// <param name="seconds">Time since the last call.</param>
    /// <param name="skipped">Channels left out for their contacts, one bit each.</param>
    public void Advance(double seconds, ulong skipped)
    {
        StepElapsed += seconds;
        RunElapsed += seconds;
        var step = program.Steps[Step];
        if (!step.EndsByChannel && StepElapsed >= step.Limit) Array.Fill(_channelStep, Step + 1);
        DriveAll(seconds, skipped);
        var slowest = _channelStep.Min();
        if (slowest == Step) return;
        Step = slowest;
        StepElapsed = 0;
        if (!Finished) DriveAll(0, skipped);
    }

    /// <summary>Takes the current off all channels; the next <see cref="Advance"/> continues.</summary>
    public void Pause()
    {
        for (var i = 0; i < FormationCells.Count; i++) cells.Drive(i, 0);
    }

    private void DriveAll(double seconds, ulong skipped)
    {
        for (var i = 0; i < FormationCells.Count; i++)
        {
            if ((skipped >> i & 1) != 0) _channelStep[i] = Math.Max(_channelStep[i], Step + 1);
            else Drive(i, seconds);
        }
    }

    private void Drive(int i, double seconds)
    {
        var own = _channelStep[i];
        var waits = own > Step && !(own == Step + 1 && IsConstantVoltage(own));
        if (waits || own >= program.Steps.Count)
        {
            cells.Drive(i, 0);
            return;
        }

        var step = program.Steps[own];
        var current = _stepCurrent[own];
        switch (step.Kind)
        {
            case FormationStepKind.Heat or FormationStepKind.Rest:
                cells.Drive(i, 0);
                return;
            case FormationStepKind.ChargeForTime:
            case FormationStepKind.ChargeToVoltage when cells.VoltageAt(i, current) < step.Limit:
            case FormationStepKind.ChargeToSoc when cells.Soc(i) < step.Limit:
                cells.Drive(i, current);
                return;
            case FormationStepKind.DischargeToVoltage when cells.VoltageAt(i, -current) > step.Limit:
                cells.Drive(i, -current);
                return;
            case FormationStepKind.ChargeToVoltage:
                _cvStart[i] = current;
                _cvElapsed[i] = 0;
                break;
            case FormationStepKind.ConstantVoltage:
                _cvElapsed[i] += seconds;
                var taper = _cvStart[i] * DeterministicMath.Exp(-_cvElapsed[i] / CvTau);
                if (taper <= current) break;
                cells.Drive(i, taper, step.Limit);
                return;
            default:
                break;
        }

        var next = _channelStep[i] = own + 1;
        if (IsConstantVoltage(next)) cells.Drive(i, _cvStart[i], program.Steps[next].Limit);
        else cells.Drive(i, 0);
    }

    private bool IsConstantVoltage(int step) =>
        step < program.Steps.Count && program.Steps[step].Kind == FormationStepKind.ConstantVoltage;
}
