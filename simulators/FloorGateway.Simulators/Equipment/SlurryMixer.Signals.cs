using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals, alarms and methods of the slurry mixer.</summary>
public sealed partial class SlurryMixer
{
    public Signal<double> SpeedSetPoint { get; private set; } = null!;
    public Signal<double> JacketSetPoint { get; private set; } = null!;
    public Signal<double> Viscosity { get; private set; } = null!;
    public Signal<double> ShaftTorque { get; private set; } = null!;
    public Signal<double> Speed { get; private set; } = null!;
    public Signal<double> Temp { get; private set; } = null!;
    public Signal<double> JacketTemp { get; private set; } = null!;
    public Signal<double> Vacuum { get; private set; } = null!;
    public Signal<double> Solids { get; private set; } = null!;

    /// <summary>What each feeder has given to the batch, kg.</summary>
    public Signal<double[]> MassDosed { get; private set; } = null!;
    public Signal<double> Fineness { get; private set; } = null!;
    public Signal<string> LotId { get; private set; } = null!;
    public Signal<string[]> ResultLots { get; private set; } = null!;
    public Signal<double> ResultViscosity { get; private set; } = null!;
    public Signal<double> ResultSolids { get; private set; } = null!;
    public Signal<double> ResultFineness { get; private set; } = null!;
    public Signal<string> ResultLotId { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result, so a reader of this signal finds the others in place.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    private LimitAlarm TempHigh { get; set; } = null!;
    private LimitAlarm VacuumLow { get; set; } = null!;
    private AlarmBit ViscosityOff { get; set; } = null!;
    private AlarmBit DoseOff { get; set; } = null!;

    private void Declare()
    {
        var main = MainSubUnit;
        SpeedSetPoint = SetPoint(main, "Speed", "RPM", 20, 1400, 800);
        JacketSetPoint = SetPoint(main, "Jacket", "CEL", 10, 40, 25);
        Viscosity = Analog(main, "Viscosity", "C24", 0, 40_000, 10_000, 10, 0, "粘度");
        ShaftTorque = Analog(main, "ShaftTorque", "NU", 0, 2000, 1000, 5, 0, "搅拌扭矩");
        Speed = Analog(main, "Speed", "RPM", 0, 1500, 1000, 1, 0, "转速");
        Temp = Analog(main, "Temp", "CEL", 0, 80, 1000, 0.1, 25, "浆料温度");
        JacketTemp = Analog(main, "JacketTemp", "CEL", 0, 60, 1000, 0.1, 25, "夹套温度");
        Vacuum = Analog(main, "Vacuum", "KPA", -100, 0, 1000, 0.3, 0, "真空度");
        Solids = Analog(main, "Solids", "P1", 0, 100, 0, 0, 0, "固含量");
        MassDosed = Add(main, "MassDosed", new double[Feeders], new() { Unit = "KGM", Low = 0, High = 3000, SamplingMs = 1000, Deadband = 0.01, Length = Feeders, DisplayName = "投料量" });
        Fineness = Analog(main, "Fineness", "4H", 0, 100, 60_000, 0.1, 0, "细度");
        LotId = Add(main, "LotId", "");
        ResultLots = Add(main, "Result.MaterialLots", Array.Empty<string>());
        ResultViscosity = Analog(main, "Result.Viscosity", "C24", 0, 40_000, 0, 0, 0);
        ResultSolids = Analog(main, "Result.Solids", "P1", 0, 100, 0, 0, 0);
        ResultFineness = Analog(main, "Result.Fineness", "4H", 0, 100, 0, 0, 0);
        ResultLotId = Add(main, "Result.LotId", "");
        ResultEvaluation = Add(main, "Result.Evaluation", 0);
        ResultId = Add(main, "Result.Id", "");
        TempHigh = new(Alarm(main, "TEMP_HI", 2), 40, above: true, 60, 1);
        VacuumLow = new(Alarm(main, "VAC", 3), -85, above: true, 0);
        ViscosityOff = Alarm(main, "VISC", 2, latched: true);
        DoseOff = Alarm(main, "DOSE", 2, latched: true);
        AddRemoteMethod("AddMaterial", [new("lotId", SignalType.String, "lot of the material"), new("kg", SignalType.Double, "up to 100 kg to the material that is short")], AddMaterial);
    }
}
