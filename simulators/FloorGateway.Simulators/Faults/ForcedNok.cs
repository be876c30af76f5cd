using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Faults;

/// <summary>F8: what makes the parts of a machine not OK. Where the verdict follows from physics, the physics is made bad enough.</summary>
internal static class ForcedNok
{
    /// <summary>The fault for a unit; null for equipment that judges no parts.</summary>
    public static FaultEffect? Of(Unit unit) => unit switch
    {
        PassThroughStation u => new UnitFault(() => u.IsForcedNok = true, () => u.IsForcedNok = false),
        TighteningStation u => new UnitFault(() => u.ForcedFault = JointFault.Slip, () => u.ForcedFault = JointFault.None),
        DieCastCell u => new UnitFault(() => u.VacuumLeak = 200, () => u.VacuumLeak = 0),
        JoiningRobot u => new UnitFault(() => u.PunchWear = 1, () => u.PunchWear = 0),
        MarriageStation u => new UnitFault(() => u.BoltFault = 1, () => u.BoltFault = 0),
        SlurryMixer u => new UnitFault(() => u.ViscosityFactor = 1.5, () => u.ViscosityFactor = 1),
        Coater u => new UnitFault(() => u.PumpSlip = 0.5, () => u.PumpSlip = 1),
        Calender u => new UnitFault(() => u.GaugeOffset = 20, () => u.GaugeOffset = 0),
        Stacker u => new UnitFault(() => u.AlignOffset = 0.6, () => u.AlignOffset = 0),
        IsostaticPress u => new UnitFault(() => u.NextBagLeaks = true, () => u.NextBagLeaks = false),
        TabWelder u => new UnitFault(() => u.LensDirt = 0.5, () => u.LensDirt = 0),
        ElectrolyteFiller u => new UnitFault(() => u.BalanceDrift = 10_000, () => u.BalanceDrift = 0),
        GradingStation u => new UnitFault(() => u.LotContamination = 0.5, () => u.LotContamination = 0),
        ModuleLine u => new UnitFault(() => u.SwollenForce = 3, () => u.SwollenForce = 0),
        PackLine u => new UnitFault(() => u.FillerError = 200, () => u.FillerError = 0),
        _ => null,
    };
}
