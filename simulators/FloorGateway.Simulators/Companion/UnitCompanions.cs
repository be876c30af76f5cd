using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Companion;

/// <summary>
/// Which companion specifications an equipment type follows beside its own namespace. Every unit is a Machinery item; a machine that is not listed follows PackML.
/// </summary>
internal static class UnitCompanions
{
    private static readonly Dictionary<Type, Action<PublishedUnit>[]> Table = new()
    {
        [typeof(DieCastCell)] = [PackMlNodes.Add, TemperatureControlNodes.Add],
        [typeof(JoiningRobot)] = [RoboticsNodes.Add, JoiningNodes.Add],
        [typeof(PaintLine)] = [PackMlNodes.Add, ProcessValueNodes.Add],
        [typeof(SelfPropelledVehicle)] = [AutoIdNodes.AddLocation],
        [typeof(MarriageStation)] = [PackMlNodes.Add, JoiningNodes.Add],
        [typeof(TighteningStation)] = [JoiningNodes.Add],
        [typeof(GlazingRobot)] = [RoboticsNodes.Add, VisionNodes.Add],
        [typeof(AdasCalibration)] = [VisionNodes.Add, ResultNodes.Add],
        [typeof(SlurryMixer)] = [PackMlNodes.Add, ScaleNodes.Add],
        [typeof(Coater)] = [PackMlNodes.Add, ProcessValueNodes.Add],
        [typeof(Stacker)] = [PackMlNodes.Add, VisionNodes.Add],
        [typeof(DryRoom)] = [DryerNodes.Add],
        [typeof(TabWelder)] = [LaserNodes.Add, JoiningNodes.Add],
        [typeof(FormationRack)] = [FormationNodes.Add],
        [typeof(AgeingRoom)] = [ResultNodes.Add],
        [typeof(GradingStation)] = [PackMlNodes.Add, ResultNodes.Add],
        [typeof(ModuleLine)] = [PackMlNodes.Add, JoiningNodes.Add, AutoIdNodes.AddReader],
        [typeof(PackLine)] = [PackMlNodes.Add, JoiningNodes.Add, AutoIdNodes.AddReader],
        [typeof(Meter)] = [EnergyNodes.Add],
        [typeof(PackLeakStand)] = [PackMlNodes.Add, ResultNodes.Add],
        [typeof(PackEndOfLine)] = [PackMlNodes.Add, ResultNodes.Add],
    };

    private static readonly Action<PublishedUnit>[] Machine = [PackMlNodes.Add];

    public static void Add(PublishedUnit unit)
    {
        MachineryNodes.Add(unit);
        if (unit.Find(StacklightNodes.Signal) is not null) StacklightNodes.Add(unit);
        foreach (var add in Table.TryGetValue(unit.Unit.GetType(), out var own) ? own : unit.Unit is EquipmentUnit ? Machine : []) add(unit);
    }
}
