using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals and alarms of the stacker; those of the lamination only the solid-state one has.</summary>
public sealed partial class Stacker
{
    public Signal<ushort> LayerCount { get; private set; } = null!;
    public Signal<double> AlignX { get; private set; } = null!;
    public Signal<double> AlignY { get; private set; } = null!;
    public Signal<double> PickVacuum { get; private set; } = null!;
    public Signal<double> NotchBurr { get; private set; } = null!;
    public Signal<double> Hipot { get; private set; } = null!;

    /// <summary>Cells with a pinhole since start.</summary>
    public Signal<uint> DefectPinhole { get; private set; } = null!;
    public Signal<string> CoilCathode { get; private set; } = null!;
    public Signal<string> CoilAnode { get; private set; } = null!;

    /// <summary>Label of the stack until its battery code is burnt in.</summary>
    public Signal<string> CellTmpId { get; private set; } = null!;

    public Signal<double>? ForceSetPoint { get; private set; }
    public Signal<double>? SeThickness { get; private set; }
    public Signal<double>? LaminationForce { get; private set; }
    public Signal<double>? LaminationTemp { get; private set; }
    public Signal<string>? CoilElectrolyte { get; private set; }

    public Signal<string[]> ResultCoils { get; private set; } = null!;
    public Signal<ushort> ResultLayers { get; private set; } = null!;
    public Signal<double> ResultMisalign { get; private set; } = null!;
    public Signal<double> ResultHipot { get; private set; } = null!;
    public Signal<string> ResultCellId { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result, so a reader of this signal finds the others in place.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    private AlarmBit AlignOff { get; set; } = null!;
    private AlarmBit HipotLow { get; set; } = null!;
    private AlarmBit MissedPick { get; set; } = null!;

    private void Declare()
    {
        var main = MainSubUnit;
        LayerCount = Add(main, "LayerCount", (ushort)0, new() { Low = 0, High = 82, DisplayName = "层数" });
        AlignX = Analog(main, "Align.X", "MMT", -1, 1, 0, 0, 0, "对齐X");
        AlignY = Analog(main, "Align.Y", "MMT", -1, 1, 0, 0, 0, "对齐Y");
        PickVacuum = Analog(main, "PickVacuum", "KPA", -100, 0, 0, 2, 0, "吸盘真空");
        NotchBurr = Analog(main, "NotchBurr", "4H", 0, 50, 0, 0, 0, "极耳毛刺");
        Hipot = Analog(main, "Hipot", "B75", 0, 1000, 0, 0, 0, "绝缘");
        DefectPinhole = Add(main, "DefectPinhole", 0u);
        CoilCathode = Add(main, "CoilIdCathode", "");
        CoilAnode = Add(main, "CoilIdAnode", "");
        CellTmpId = Add(main, "CellTmpId", "");
        if (_solid)
        {
            ForceSetPoint = SetPoint(main, "Force", "F47", 80, 160, 120);
            SeThickness = Analog(main, "SeThickness", "4H", 0, 100, 0, 0.5, 0, "电解质厚度");
            LaminationForce = Analog(main, "LaminationForce", "F47", 0, 200, 500, 1, 0, "复合压力");
            LaminationTemp = Analog(main, "LaminationTemp", "CEL", 0, 150, 500, 0.2, 25, "复合温度");
            CoilElectrolyte = Add(main, "CoilIdElectrolyte", "");
        }

        ResultCoils = Add(main, "Result.CoilIds", Array.Empty<string>());
        ResultLayers = Add(main, "Result.Layers", (ushort)0);
        ResultMisalign = Analog(main, "Result.MaxMisalign", "MMT", 0, 10, 0, 0, 0);
        ResultHipot = Analog(main, "Result.Hipot", "B75", 0, 1000, 0, 0, 0);
        ResultCellId = Add(main, "Result.CellId", "");
        ResultEvaluation = Add(main, "Result.Evaluation", 0);
        ResultId = Add(main, "Result.Id", "");
        AlignOff = Alarm(main, "ALIGN", 2, latched: true);
        HipotLow = Alarm(main, "HIPOT", 2, latched: true);
        MissedPick = Alarm(main, "VACPICK", 3);
    }
}
