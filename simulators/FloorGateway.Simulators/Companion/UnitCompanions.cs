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
    };

    private static readonly Action<PublishedUnit>[] Machine = [PackMlNodes.Add];

    public static void Add(PublishedUnit unit)
    {
        MachineryNodes.Add(unit);
        foreach (var add in Table.TryGetValue(unit.Unit.GetType(), out var own) ? own : unit.Unit is EquipmentUnit ? Machine : []) add(unit);
    }
}
