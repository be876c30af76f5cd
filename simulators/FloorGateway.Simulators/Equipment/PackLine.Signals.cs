using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals and alarms of the pack line.</summary>
public sealed partial class PackLine
{
    private NokRun _nok3 = null!;
    private AlarmBit _match = null!, _glue = null!, _scan = null!;

    public Signal<string> PackId { get; private set; } = null!;

    /// <summary>As the reader sees them, position by position.</summary>
    public Signal<string[]> ModuleIds { get; private set; } = null!;
    public Signal<double> GapFiller { get; private set; } = null!;

    /// <summary>One bit a cover bolt; 1 is tight.</summary>
    public Signal<ulong> CoverTorqueOk { get; private set; } = null!;

    /// <summary>0 not begun, 1 running, 2 done, 3 failed.</summary>
    public Signal<int> BmsFlash { get; private set; } = null!;
    public Signal<bool> HvInterlock { get; private set; } = null!;
    public Signal<double> PackVoltage { get; private set; } = null!;

    /// <summary>Modules that wait for others of their variant and grade.</summary>
    public Signal<uint> StockCount { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    private void Declare()
    {
        var main = MainSubUnit;
        PackId = Add(main, "PackId", "", new() { DisplayName = "电池包编号" });
        ModuleIds = Add(main, "ModuleIds", Array.Empty<string>());
        GapFiller = Analog(main, "GapFiller", "GRM", 0, 3000, 0, 0, 0, "导热胶");
        CoverTorqueOk = Add(main, "CoverTorqueOk", 0ul);
        BmsFlash = Add(main, "BmsFlash", 0);
        HvInterlock = Add(main, "HvIL", false, new() { DisplayName = "高压互锁" });
        PackVoltage = Analog(main, "PackVoltage", "VLT", 0, 1000, 0, 0, 0, "电池包电压");
        StockCount = Add(main, "StockCount", 0u);
        ResultEvaluation = Add(main, "Result.Evaluation", 0);
        ResultId = Add(main, "Result.Id", "");
        _match = Alarm(main, "MATCH", 3);
        _glue = Alarm(main, "GLUE", 3);
        _scan = Alarm(main, "SCAN", 2, latched: true);
        _nok3 = new(Alarm(main, "NOK3", 2, latched: true));
    }
}
