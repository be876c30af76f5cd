using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals and alarms of the electrolyte filler.</summary>
public sealed partial class ElectrolyteFiller
{
    private AlarmBit _doseOut = null!;
    private LimitAlarm _vacuumLow = null!, _moistureHigh = null!, _fluoride = null!;

    public Signal<double> DoseSetPoint { get; private set; } = null!;

    /// <summary>Vacuum against the surroundings.</summary>
    public Signal<double> Vacuum { get; private set; } = null!;
    public Signal<double> DoseMass { get; private set; } = null!;
    public Signal<double> WeighIn { get; private set; } = null!;
    public Signal<double> WeighOut { get; private set; } = null!;

    /// <summary>What the cell kept of the dose.</summary>
    public Signal<double> Retention { get; private set; } = null!;
    public Signal<double> ElectrolyteTemp { get; private set; } = null!;
    public Signal<double> Moisture { get; private set; } = null!;
    public Signal<double> NozzlePressure { get; private set; } = null!;
    public Signal<double> SoakTemp { get; private set; } = null!;

    /// <summary>Hours that the oldest cell has been soaking.</summary>
    public Signal<double> SoakElapsed { get; private set; } = null!;
    public Signal<uint> SoakCount { get; private set; } = null!;
    public Signal<double> HfDetector { get; private set; } = null!;
    public Signal<double> DewPoint { get; private set; } = null!;

    /// <summary>Hours that the last cell put out has soaked.</summary>
    public Signal<double> ResultSoak { get; private set; } = null!;
    public Signal<string> ResultCell { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result; one for each cell.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    private void Declare()
    {
        var main = MainSubUnit;
        DoseSetPoint = SetPoint(main, "Dose", "GRM", 220, 260, 245);
        Vacuum = Analog(main, "VacLevel", "KPA", -100, 0, 500, 0.5, 0, "真空度");
        DoseMass = Analog(main, "DoseMass", "GRM", 0, 300, 0, 0, 0, "注液量");
        WeighIn = Analog(main, "WeighIn", "GRM", 0, 2000, 0, 0, 0, "注液前重量");
        WeighOut = Analog(main, "WeighOut", "GRM", 0, 2000, 0, 0, 0, "注液后重量");
        Retention = Analog(main, "Retention", "GRM", 0, 300, 0, 0, 0, "保液量");
        ElectrolyteTemp = Analog(main, "ElectrolyteTemp", "CEL", 0, 60, 5000, 0.1, 22, "电解液温度");
        Moisture = Analog(main, "Moisture", "59", 0, 100, 5000, 0.5, 8, "水分");
        NozzlePressure = Analog(main, "NozzlePressure", "BAR", 0, 6, 0, 0, 1);
        SoakTemp = Analog(main, "SoakTemp", "CEL", 0, 80, 5000, 0.2, 40, "静置温度");
        SoakElapsed = Analog(main, "SoakElapsed", "HUR", 0, 24, 60_000, 0.05, 0, "静置时间");
        SoakCount = Add(main, "SoakCount", 0u);
        HfDetector = Analog(main, "HfDetector", "59", 0, 20, 5000, 0.05, 0.05);
        DewPoint = Analog(main, "DewPoint", "CEL", -80, 20, 5000, 0.2, -42, "露点");
        ResultSoak = Analog(main, "Result.SoakHours", "HUR", 0, 1000, 0, 0, 0);
        ResultCell = Add(main, "Result.CellId", "");
        ResultEvaluation = Add(main, "Result.Evaluation", 0);
        ResultId = Add(main, "Result.Id", "");
        _doseOut = Alarm(main, "DOSE", 2, latched: true);
        _vacuumLow = new(Alarm(main, "VAC", 2), -90, above: true, 5);
        _moistureHigh = new(Alarm(main, "H2O", 2), 20, above: true, 60);
        _fluoride = new(Alarm(main, "HF", 1, latched: true), 1, above: true, 2);
    }
}
