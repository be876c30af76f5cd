using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Conditions;

/// <summary>What kind of condition, and what its users may do with it.</summary>
public sealed record ConditionOptions
{
    /// <summary>A type below ConditionType, one of your own included.</summary>
    public NodeId Type { get; init; } = ObjectTypeIds.AlarmConditionType;

    /// <summary>A type below BaseConditionClassType: process, maintenance, system, safety (OPC 10000-9, 5.9).</summary>
    public NodeId ConditionClass { get; init; } = ObjectTypeIds.ProcessConditionClassType;

    /// <summary>Severity until the first activation: 1 to 1000.</summary>
    public ushort Severity { get; init; } = 500;

    /// <summary>True when users confirm, after the acknowledgement, that the cause is dealt with.</summary>
    public bool Confirmable { get; init; }

    /// <summary>True when users may shelve it: alarms only.</summary>
    public bool Shelvable { get; init; } = true;

    /// <summary>Longest time on the shelf; null = no limit. A shift, so that the next one decides anew.</summary>
    public TimeSpan? MaxTimeShelved { get; init; } = TimeSpan.FromHours(8);

    /// <summary>True when it has a SuppressedState with its methods: alarms only.</summary>
    public bool Suppressible { get; init; }

    /// <summary>True when it has an OutOfServiceState with its methods: alarms only.</summary>
    public bool Removable { get; init; }

    /// <summary>The variable that it watches; the InputNode of alarms.</summary>
    public NodeId InputNode { get; init; }

    /// <summary>The variable with the normal value; for OffNormalAlarmType and those below it (OPC 10000-9, 5.8.23).</summary>
    public NodeId NormalState { get; init; }

    /// <summary>True: clients know it by its events only, and it has no nodes. Saves some sixty nodes each.</summary>
    public bool Hidden { get; init; }

    /// <summary>The ConditionId; made from the source's id and the name when null.</summary>
    public NodeId? NodeId { get; init; }
}
