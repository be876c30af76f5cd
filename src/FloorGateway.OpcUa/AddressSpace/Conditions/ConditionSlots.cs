using FloorGateway.OpcUa.AddressSpace.Events;

namespace FloorGateway.OpcUa.AddressSpace.Conditions;

/// <summary>Where the values of a TwoStateVariable stand; -1 for those that the type lacks.</summary>
internal readonly record struct TwoStateSlots(int State, int Id, int Transition)
{
    public static TwoStateSlots Of(EventType type, string name) =>
        new(type.StandardSlot(name), type.StandardSlot(name + "/Id"), type.StandardSlot(name + "/TransitionTime"));
}

/// <summary>Where the fields of a condition stand among the values of its type; -1 for those that the type lacks.</summary>
internal sealed class ConditionSlots(EventType type)
{
    public int ClassId { get; } = type.StandardSlot("ConditionClassId");

    public int ClassName { get; } = type.StandardSlot("ConditionClassName");

    public int SubClassId { get; } = type.StandardSlot("ConditionSubClassId");

    public int SubClassName { get; } = type.StandardSlot("ConditionSubClassName");

    public int Name { get; } = type.StandardSlot("ConditionName");

    public int BranchId { get; } = type.StandardSlot("BranchId");

    public int Retain { get; } = type.StandardSlot("Retain");

    public int Quality { get; } = type.StandardSlot("Quality");

    public int QualityTime { get; } = type.StandardSlot("Quality/SourceTimestamp");

    public int LastSeverity { get; } = type.StandardSlot("LastSeverity");

    public int LastSeverityTime { get; } = type.StandardSlot("LastSeverity/SourceTimestamp");

    public int Comment { get; } = type.StandardSlot("Comment");

    public int CommentTime { get; } = type.StandardSlot("Comment/SourceTimestamp");

    public int ClientUserId { get; } = type.StandardSlot("ClientUserId");

    public int SuppressedOrShelved { get; } = type.StandardSlot("SuppressedOrShelved");

    public int MaxTimeShelved { get; } = type.StandardSlot("MaxTimeShelved");

    public int InputNode { get; } = type.StandardSlot("InputNode");

    public int NormalState { get; } = type.StandardSlot("NormalState");

    public int ShelvingObject { get; } = type.StandardSlot("ShelvingState");

    public int Shelving { get; } = type.StandardSlot("ShelvingState/CurrentState");

    public int ShelvingId { get; } = type.StandardSlot("ShelvingState/CurrentState/Id");

    public int ShelvingTransition { get; } = type.StandardSlot("ShelvingState/LastTransition");

    public int ShelvingTransitionId { get; } = type.StandardSlot("ShelvingState/LastTransition/Id");

    public int ShelvingTransitionTime { get; } = type.StandardSlot("ShelvingState/LastTransition/TransitionTime");

    public int UnshelveTime { get; } = type.StandardSlot("ShelvingState/UnshelveTime");

    public int ActiveEffectiveName { get; } = type.StandardSlot("ActiveState/EffectiveDisplayName");

    public TwoStateSlots Enabled { get; } = TwoStateSlots.Of(type, "EnabledState");

    public TwoStateSlots Active { get; } = TwoStateSlots.Of(type, "ActiveState");

    public TwoStateSlots Acked { get; } = TwoStateSlots.Of(type, "AckedState");

    public TwoStateSlots Confirmed { get; } = TwoStateSlots.Of(type, "ConfirmedState");

    public TwoStateSlots Suppressed { get; } = TwoStateSlots.Of(type, "SuppressedState");

    public TwoStateSlots OutOfService { get; } = TwoStateSlots.Of(type, "OutOfServiceState");
}
