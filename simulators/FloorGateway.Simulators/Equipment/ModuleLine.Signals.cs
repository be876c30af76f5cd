using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals, alarms and methods of the module line.</summary>
public sealed partial class ModuleLine
{
    private NokRun _nok3 = null!;
    private AlarmBit _match = null!, _glue = null!, _scan = null!;
    private LimitAlarm _forceDeviation = null!;
    private bool _stacked;

    public Signal<string> ModuleId { get; private set; } = null!;

    /// <summary>As the reader sees them, position by position.</summary>
    public Signal<string[]> CellIds { get; private set; } = null!;
    public Signal<double> StackForce { get; private set; } = null!;

    /// <summary>Deviation from the nominal length.</summary>
    public Signal<double> StackLength { get; private set; } = null!;
    public Signal<bool> PlasmaClean { get; private set; } = null!;
    public Signal<double> GlueMass { get; private set; } = null!;

    /// <summary>Score of each busbar joint, 0 to 1.</summary>
    public Signal<float[]> BusbarWeld { get; private set; } = null!;
    public Signal<double> ModuleVoltage { get; private set; } = null!;

    /// <summary>Graded cells that wait for others of their class.</summary>
    public Signal<uint> StockCount { get; private set; } = null!;
    public Signal<double> ResultCapacitySpread { get; private set; } = null!;
    public Signal<double> ResultResistanceSpread { get; private set; } = null!;

    /// <summary>mV.</summary>
    public Signal<double> ResultVoltageSpread { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    private void Declare()
    {
        var main = MainSubUnit;
        ModuleId = Add(main, "ModuleId", "", new() { DisplayName = "模组编号" });
        CellIds = Add(main, "CellIds", Array.Empty<string>());
        StackForce = Analog(main, "StackForce", "B47", 0, 20, 500, 0.02, 0, "堆叠压力");
        StackLength = Analog(main, "StackLength", "MMT", -5, 5, 0, 0, 0, "堆叠长度偏差");
        PlasmaClean = Add(main, "PlasmaClean", false);
        GlueMass = Analog(main, "GlueMass", "GRM", 0, 200, 0, 0, 0, "涂胶量");
        BusbarWeld = FloatArray(main, "BusbarWeld", "C62", 0, 1, 0, 0, Joints);
        ModuleVoltage = Analog(main, "ModuleVoltage", "VLT", 0, 100, 0, 0, 0, "模组电压");
        StockCount = Add(main, "StockCount", 0u);
        ResultCapacitySpread = Analog(main, "Result.CapacitySpread", "AMH", 0, 5, 0, 0, 0);
        ResultResistanceSpread = Analog(main, "Result.AcirSpread", "E45", 0, 1, 0, 0, 0);
        ResultVoltageSpread = Analog(main, "Result.OcvSpread", "2Z", 0, 100, 0, 0, 0);
        ResultEvaluation = Add(main, "Result.Evaluation", 0);
        ResultId = Add(main, "Result.Id", "");
        _match = Alarm(main, "MATCH", 3);
        _glue = Alarm(main, "GLUE", 3);
        _scan = Alarm(main, "SCAN", 2, latched: true);
        _nok3 = new(Alarm(main, "NOK3", 2, latched: true));
        _forceDeviation = new(Alarm(main, "FORCE", 2, latched: true), ForceTolerance, above: true, 1);
        AddRemoteMethod("ReplaceCell", [new("moduleId", SignalType.String, "module in work, not welded yet"), new("position", SignalType.Int32, "1 to 36"), new("newCell", SignalType.String, "code of a free cell of the same class")], ReplaceCell);
    }
}
