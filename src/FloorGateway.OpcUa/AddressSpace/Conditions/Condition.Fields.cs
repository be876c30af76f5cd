using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Conditions;

public sealed partial class Condition
{
    /// <summary>Ids of recent events that an acknowledgement may name; a comment between the alarm and its acknowledgement makes a new one.</summary>
    private const int RecentIds = 16;

    private static readonly NodeId[] ShelvingStates =
        [ObjectIds.ShelvedStateMachineType_Unshelved, ObjectIds.ShelvedStateMachineType_TimedShelved, ObjectIds.ShelvedStateMachineType_OneShotShelved];

    private static readonly string[] ShelvingNames = ["Unshelved", "TimedShelved", "OneShotShelved"];

    /// <summary>By state before and state after; nothing on the diagonal.</summary>
    private static readonly (uint Id, string Name)[,] ShelvingTransitions =
    {
        { default, (ObjectIds.ShelvedStateMachineType_UnshelvedToTimedShelved, "UnshelvedToTimedShelved"), (ObjectIds.ShelvedStateMachineType_UnshelvedToOneShotShelved, "UnshelvedToOneShotShelved") },
        { (ObjectIds.ShelvedStateMachineType_TimedShelvedToUnshelved, "TimedShelvedToUnshelved"), default, (ObjectIds.ShelvedStateMachineType_TimedShelvedToOneShotShelved, "TimedShelvedToOneShotShelved") },
        { (ObjectIds.ShelvedStateMachineType_OneShotShelvedToUnshelved, "OneShotShelvedToUnshelved"), (ObjectIds.ShelvedStateMachineType_OneShotShelvedToTimedShelved, "OneShotShelvedToTimedShelved"), default },
    };

    private ShelvingState shownShelving;

    /// <summary>Milliseconds until shelving ends: 0 when unshelved, the largest Double when nothing ends it (5.8.17).</summary>
    internal double UnshelveTime
    {
        get
        {
            lock (gate)
                return UnshelveTime_NeedsLock();
        }
    }

    private void Fill()
    {
        var now = Variant.FromDateTimeTicks(space.Clock.GetUtcNow().UtcTicks);
        hub.FillBase(type, values, Source, options.Severity, new LocalizedText(""), 0);
        Set(slots.ClassId, Variant.From(options.ConditionClass));
        Set(slots.ClassName, Variant.From(new LocalizedText(space.Find(options.ConditionClass)?.BrowseName.Name)));
        Set(slots.SubClassId, Variant.From(Array.Empty<NodeId>()));
        Set(slots.SubClassName, Variant.From(Array.Empty<LocalizedText>()));
        Set(slots.Name, Variant.From(Name));
        Set(slots.BranchId, Variant.From(Types.NodeId.Null));
        Set(slots.Quality, Variant.From(new StatusCode(StatusCodes.Good)));
        Set(slots.QualityTime, now);
        Set(slots.LastSeverity, values[EventFields.Severity]);
        Set(slots.LastSeverityTime, now);
        Set(slots.Comment, Variant.From(new LocalizedText("")));
        Set(slots.CommentTime, now);
        Set(slots.ClientUserId, Variant.From(""));
        Set(slots.InputNode, Variant.From(options.InputNode));
        if (!options.NormalState.IsNull || slots.NormalState >= 0)
            Set(slots.NormalState, Variant.From(options.NormalState));
        if (options.Shelvable)
        {
            if (options.MaxTimeShelved is { } longest)
                Set(slots.MaxTimeShelved, Variant.From(longest.TotalMilliseconds));
            Set(slots.Shelving, Variant.From(new LocalizedText("en", ShelvingNames[0])));
            Set(slots.ShelvingId, Variant.From(ShelvingStates[0]));
            Set(slots.ShelvingTransition, Variant.From(new LocalizedText("")));
            Set(slots.ShelvingTransitionId, Variant.From(Types.NodeId.Null));
            Set(slots.ShelvingTransitionTime, now);
            Set(slots.UnshelveTime, Variant.From(0.0));
        }

        ShowState_NeedsLock();
    }

    private void ShowState_NeedsLock()
    {
        var now = space.Clock.GetUtcNow().UtcTicks;
        Set(slots.Retain, Variant.From(state.Retain));
        Show(slots.Enabled, state.Enabled, "Enabled", "Disabled", now);
        Show(slots.Active, state.Active, "Active", "Inactive", now);
        Show(slots.Acked, state.Acked, "Acknowledged", "Unacknowledged", now);
        if (options.Confirmable)
            Show(slots.Confirmed, state.Confirmed, "Confirmed", "Unconfirmed", now);
        if (options.Suppressible)
            Show(slots.Suppressed, state.Suppressed, "Suppressed", "Unsuppressed", now);
        if (options.Removable)
            Show(slots.OutOfService, state.OutOfService, "Out of Service", "In Service", now);
        Set(slots.SuppressedOrShelved, Variant.From(state.SuppressedOrShelved));
        if (options.Shelvable && state.Shelving != shownShelving)
        {
            var (id, name) = ShelvingTransitions[(int)shownShelving, (int)state.Shelving];
            shownShelving = state.Shelving;
            Set(slots.Shelving, Variant.From(new LocalizedText("en", ShelvingNames[(int)shownShelving])));
            Set(slots.ShelvingId, Variant.From(ShelvingStates[(int)shownShelving]));
            Set(slots.ShelvingTransition, Variant.From(new LocalizedText("en", name)));
            Set(slots.ShelvingTransitionId, Variant.From((NodeId)id));
            Set(slots.ShelvingTransitionTime, Variant.FromDateTimeTicks(now));
        }
    }

    /// <summary>Shows a state and when it changed, if it did.</summary>
    internal void Show(TwoStateSlots where, bool value, string yes, string no, long now)
    {
        if (where.Id < 0 || (values[where.Id].TryGetBoolean(out var shown) && shown == value))
            return;
        Set(where.State, Variant.From(new LocalizedText("en", value ? yes : no)));
        Set(where.Id, Variant.From(value));
        Set(where.Transition, Variant.FromDateTimeTicks(now));
    }

    /// <summary>Sets a field and the node that shows it.</summary>
    internal void Set(int slot, in Variant value)
    {
        if (slot < 0)
            return;
        values[slot] = value;
        nodes?[slot]?.SetValue(value);
    }

    private void Report_NeedsLock(ushort? severity, string? message, bool always = false)
    {
        if (!state.Enabled && !always && !removed)
            return;
        var text = message is null && values[EventFields.Message].TryGet<LocalizedText>(out var before) ? before : new LocalizedText(message ?? "");
        hub.FillBase(type, values, Source, severity ?? (ushort)values[EventFields.Severity].AsUInt32(), text, 0);
        SetUnshelveTime_NeedsLock();
        if (nodes is not null)
        {
            for (var slot = 0; slot <= EventFields.Severity; slot++)
                nodes[slot]?.SetValue(values[slot]);
        }

        if (recentIds.Count == RecentIds)
            recentIds.Dequeue();
        recentIds.Enqueue((byte[])values[EventFields.EventId].Boxed!);
        hub.Report(record);
    }

    private void SetUnshelveTime_NeedsLock()
    {
        if (options.Shelvable && slots.UnshelveTime >= 0)
            values[slots.UnshelveTime] = Variant.From(UnshelveTime_NeedsLock());
    }

    private double UnshelveTime_NeedsLock() => state switch
    {
        { Shelving: ShelvingState.Unshelved } => 0,
        { UnshelveAt: long.MaxValue } => double.MaxValue,
        _ => Math.Max(0, state.UnshelveAt - space.Clock.GetUtcNow().UtcTicks) / (double)TimeSpan.TicksPerMillisecond,
    };

    private void ArmTimer_NeedsLock()
    {
        if (removed || state.UnshelveAt == long.MaxValue)
        {
            unshelving?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var left = TimeSpan.FromTicks(Math.Clamp(state.UnshelveAt - space.Clock.GetUtcNow().UtcTicks, 0, LongestTimer.Ticks));
        left = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)); // whole milliseconds, or it would come a little early
        if (unshelving is null)
            unshelving = space.Clock.CreateTimer(static condition => ((Condition)condition!).OnTimer(), this, left, Timeout.InfiniteTimeSpan);
        else
            unshelving.Change(left, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (gate)
        {
            if (removed)
                return;
            if (state.OnTime(space.Clock.GetUtcNow().UtcTicks))
            {
                ShowState_NeedsLock();
                Report_NeedsLock(null, null);
            }

            ArmTimer_NeedsLock();
        }
    }
}
