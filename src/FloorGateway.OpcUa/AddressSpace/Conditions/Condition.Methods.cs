using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Conditions;

public sealed partial class Condition
{
    /// <summary>Characters in a comment: a client's text is kept as long as the condition.</summary>
    private const int MaxCommentLength = 4096;

    /// <summary>Runs a client's method by its browse name. The arguments have been checked for number and type.</summary>
    internal (StatusCode Status, Variant[] Outputs) Call(string method, CallContext context, Variant[] inputs)
    {
        lock (gate)
        {
            if (removed)
                return (StatusCodes.BadNodeIdUnknown, []);
            LocalizedText? comment = inputs is [.., var last] && last.TryGet<LocalizedText>(out var text) ? text : null;
            if (comment is { Text.Length: > MaxCommentLength })
                return (StatusCodes.BadOutOfRange, []);
            var status = Apply_NeedsLock(method, inputs);
            if (status.IsBad)
                return (status, []);

            // A null text leaves the comment as it is; an empty one with a locale clears it (5.5.6).
            if (comment is { } given && (given.Locale is { Length: > 0 } || given.Text is { Length: > 0 }))
            {
                Set(slots.Comment, Variant.From(given));
                Set(slots.CommentTime, Variant.FromDateTimeTicks(space.Clock.GetUtcNow().UtcTicks));
            }

            Set(slots.ClientUserId, Variant.From(context.UserName ?? ""));
            ShowState_NeedsLock();
            ArmTimer_NeedsLock();
            Report_NeedsLock(null, null, always: true);
        }

        OnCalled?.Invoke(this, method, context);
        return (StatusCodes.Good, []);
    }

    /// <summary>True when the method node is one of this condition's: its own, or the declaration in a type that it is of.</summary>
    internal bool Owns(MethodNode method)
    {
        if (method.BrowseName.NamespaceIndex != 0 || !Methods.Contains(method.BrowseName.Name ?? ""))
            return false;
        foreach (var reference in method.References)
        {
            if (!reference.IsInverse || !reference.Type.IsHierarchical)
                continue;
            var parent = reference.Target;
            var owner = parent.BrowseName is { NamespaceIndex: 0, Name: "ShelvingState" } ? DeclaringType(parent) ?? parent : parent;
            if (parent.Id == Id || parent.Id == ShelvingStateId || parent.Id == ObjectTypeIds.ShelvedStateMachineType || (owner is TypeNode && type.Node.IsSubtypeOf(owner)))
                return true;
        }

        return false;

        static Node? DeclaringType(Node declaration)
        {
            foreach (var reference in declaration.References)
            {
                if (reference.IsInverse && reference.Target is ObjectTypeNode)
                    return reference.Target;
            }

            return null;
        }
    }

    /// <summary>The condition's own node of a method that a declaration stands for: it has the permissions. Null when the condition is hidden.</summary>
    internal Node? NodeOf(MethodNode method)
    {
        var instance = space.Find(Id);
        return instance?.FindChild(method.BrowseName) ?? instance?.FindChild(new QualifiedName("ShelvingState"))?.FindChild(method.BrowseName);
    }

    private static IEnumerable<string> MethodsOf(ConditionOptions options, bool isAcknowledgeable)
    {
        IEnumerable<string> names = ["Enable", "Disable", "AddComment"];
        if (isAcknowledgeable)
            names = names.Append("Acknowledge");
        if (options.Confirmable)
            names = names.Append("Confirm");
        if (options.Shelvable)
            names = names.Concat(["Unshelve", "OneShotShelve", "TimedShelve", "Unshelve2", "OneShotShelve2", "TimedShelve2"]);
        if (options.Suppressible)
            names = names.Concat(["Suppress", "Unsuppress", "Suppress2", "Unsuppress2"]);
        if (options.Removable)
            names = names.Concat(["RemoveFromService", "PlaceInService", "RemoveFromService2", "PlaceInService2"]);
        return names;
    }

    private StatusCode Apply_NeedsLock(string method, ReadOnlySpan<Variant> inputs)
    {
        var now = space.Clock.GetUtcNow().UtcTicks;
        switch (method)
        {
            case "Enable":
                return state.Enable();
            case "Disable":
                return state.Disable();
            case "AddComment":
                return !state.Enabled ? StatusCodes.BadConditionDisabled : CheckEventId_NeedsLock(inputs[0]);
            case "Acknowledge":
                return state.Enabled && CheckEventId_NeedsLock(inputs[0]) is { IsBad: true } unknown ? unknown : state.Acknowledge();
            case "Confirm":
                return state.Enabled && CheckEventId_NeedsLock(inputs[0]) is { IsBad: true } unheard ? unheard : state.Confirm();
            case "Unshelve" or "Unshelve2":
                return state.Unshelve();
            case "OneShotShelve" or "OneShotShelve2":
                return state.ShelveOnce(now);
            case "TimedShelve" or "TimedShelve2":
                return state.ShelveFor(now, inputs[0].AsDouble());
            case "Suppress" or "Suppress2":
                return state.SetSuppressed(true);
            case "Unsuppress" or "Unsuppress2":
                return state.SetSuppressed(false);
            case "RemoveFromService" or "RemoveFromService2":
                return state.SetOutOfService(true);
            case "PlaceInService" or "PlaceInService2":
                return state.SetOutOfService(false);
            default:
                return StatusCodes.BadMethodInvalid;
        }
    }

    private StatusCode CheckEventId_NeedsLock(in Variant given)
    {
        if (given.TryGetByteString(out var id))
        {
            foreach (var known in recentIds)
            {
                if (known.AsSpan().SequenceEqual(id))
                    return StatusCodes.Good;
            }
        }

        return StatusCodes.BadEventIdUnknown;
    }
}
