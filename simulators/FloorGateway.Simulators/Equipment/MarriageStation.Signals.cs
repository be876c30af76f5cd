using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals and alarms of the marriage station.</summary>
public sealed partial class MarriageStation
{
    public Signal<double> LiftHeightSignal { get; private set; } = null!;
    public Signal<double> LiftForce { get; private set; } = null!;
    public Signal<double> AlignX { get; private set; } = null!;
    public Signal<double> AlignY { get; private set; } = null!;
    public Signal<double> AlignTheta { get; private set; } = null!;
    public Signal<string> PackCode { get; private set; } = null!;
    public Signal<string> VehicleId { get; private set; } = null!;
    public Signal<bool> CoolantMate { get; private set; } = null!;
    public Signal<bool> HvMate { get; private set; } = null!;

    /// <summary>One bit a bolt that is OK.</summary>
    public Signal<ushort> BoltOk { get; private set; } = null!;

    /// <summary>Inverted, as the contact is wired: true while the loop is open.</summary>
    public Signal<bool> HvInterlock { get; private set; } = null!;
    public Signal<string> ResultVin { get; private set; } = null!;
    public Signal<string> ResultPack { get; private set; } = null!;
    public Signal<string[]> ResultCastings { get; private set; } = null!;
    public Signal<string[]> ResultJoints { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    /// <summary>The scanner reads the code of another pack.</summary>
    public bool WrongPack { get; set; }

    /// <summary>The scanner reports the pack before once more.</summary>
    public bool DuplicateScan { get; set; }

    /// <summary>A worn pallet: each pass leaves 80 % of the error.</summary>
    public bool PalletWorn { get; set; }

    /// <summary>Bolt (1 to 16) that never comes to its torque; 0 when all do.</summary>
    public int BoltFault { get; set; }

    private AlarmBit Mismatch { get; set; } = null!;
    private AlarmBit AlignAlarm { get; set; } = null!;
    private AlarmBit BoltAlarm { get; set; } = null!;
    private AlarmBit Timeout { get; set; } = null!;
    private AlarmBit Nok3 { get; set; } = null!;

    private void Declare()
    {
        LiftHeightSignal = Analog("LIFT", "Lift.Height", "MMT", 0, 1500, 200, 2, 0, "举升高度");
        LiftForce = Analog("LIFT", "LiftForce", "B47", 0, 10, 200, 0.1, 0.8, "举升力");
        AlignX = Analog("VISION", "Align.X", "MMT", -20, 20, 0, 0, 0, "对中X");
        AlignY = Analog("VISION", "Align.Y", "MMT", -20, 20, 0, 0, 0, "对中Y");
        AlignTheta = Analog("VISION", "Align.Theta", "DD", -2, 2, 0, 0, 0, "对中角");
        PackCode = Add("LIFT", "PackCode", "");
        VehicleId = Add("LIFT", "Vin", "");
        CoolantMate = Add("LIFT", "CoolantMate", false);
        HvMate = Add("LIFT", "HvMate", false);
        BoltOk = Add("TT", "BoltOk", (ushort)0);
        HvInterlock = Add("LIFT", "HvInterlock", true);
        ResultVin = Add("LIFT", "Result.Vin", "");
        ResultPack = Add("LIFT", "Result.PackCode", "");
        ResultCastings = Add("LIFT", "Result.Castings", Array.Empty<string>());
        ResultJoints = Add("TT", "Result.Joints", Array.Empty<string>());
        ResultEvaluation = Add("LIFT", "Result.Evaluation", 0);
        ResultId = Add("LIFT", "Result.Id", "");
        Mismatch = Alarm("LIFT", "MISMATCH", 2, latched: true);
        AlignAlarm = Alarm("VISION", "ALIGN", 2, latched: true);
        BoltAlarm = Alarm("TT", "BOLT", 2, latched: true);
        Timeout = Alarm("LIFT", "TIMEOUT", 3);
        Nok3 = Alarm("LIFT", "NOK3", 2, latched: true);
    }
}
