using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Server.Services;

/// <summary>Browse, BrowseNext, TranslateBrowsePathsToNodeIds, RegisterNodes and UnregisterNodes (OPC 10000-4, 5.9).</summary>
internal sealed class ViewService(Space space, ServerLimits limits)
{
    public BrowseResponse Browse(Session session, BrowseRequest request)
    {
        if (request.NodesToBrowse.Length == 0)
            return new BrowseResponse().Fail(StatusCodes.BadNothingToDo);
        if (request.NodesToBrowse.Length > limits.MaxNodesPerBrowse)
            return new BrowseResponse().Fail(StatusCodes.BadTooManyOperations);
        if (!request.View.ViewId.IsNull && space.Find(request.View.ViewId) is not ViewNode)
            return new BrowseResponse().Fail(StatusCodes.BadViewIdUnknown);
        var max = request.RequestedMaxReferencesPerNode == 0
            ? limits.MaxReferencesPerNode
            : (int)Math.Min(request.RequestedMaxReferencesPerNode, (uint)limits.MaxReferencesPerNode);
        var results = new BrowseResult[request.NodesToBrowse.Length];
        var budget = new Budget(limits);
        for (var i = 0; i < results.Length; i++)
            results[i] = Browse(session, request.NodesToBrowse[i], max, budget);
        return new BrowseResponse { Results = results };
    }

    public BrowseNextResponse BrowseNext(Session session, BrowseNextRequest request)
    {
        if (request.ContinuationPoints.Length == 0)
            return new BrowseNextResponse().Fail(StatusCodes.BadNothingToDo);
        if (request.ContinuationPoints.Length > limits.MaxNodesPerBrowse)
            return new BrowseNextResponse().Fail(StatusCodes.BadTooManyOperations);
        var results = new BrowseResult[request.ContinuationPoints.Length];
        var budget = new Budget(limits);
        for (var i = 0; i < results.Length; i++)
        {
            var point = session.BrowsePoints.Take(request.ContinuationPoints[i]);
            results[i] = point is null ? new BrowseResult { StatusCode = StatusCodes.BadContinuationPointInvalid }
                : request.ReleaseContinuationPoints ? new BrowseResult()
                : Collect(session, point, budget);
        }

        return new BrowseNextResponse { Results = results };
    }

    public TranslateBrowsePathsToNodeIdsResponse Translate(Session session, TranslateBrowsePathsToNodeIdsRequest request)
    {
        if (request.BrowsePaths.Length == 0)
            return new TranslateBrowsePathsToNodeIdsResponse().Fail(StatusCodes.BadNothingToDo);
        if (request.BrowsePaths.Length > limits.MaxNodesPerTranslateBrowsePaths)
            return new TranslateBrowsePathsToNodeIdsResponse().Fail(StatusCodes.BadTooManyOperations);
        return new TranslateBrowsePathsToNodeIdsResponse { Results = [.. request.BrowsePaths.Select(path => Translate(path, session.Rights))] };
    }

    public RegisterNodesResponse Register(RegisterNodesRequest request)
    {
        if (request.NodesToRegister.Length == 0)
            return new RegisterNodesResponse().Fail(StatusCodes.BadNothingToDo);
        if (request.NodesToRegister.Length > limits.MaxNodesPerRegisterNodes)
            return new RegisterNodesResponse().Fail(StatusCodes.BadTooManyOperations);

        // Ids are looked up by hash already; a registered alias would be no faster.
        return new RegisterNodesResponse { RegisteredNodeIds = request.NodesToRegister };
    }

    public UnregisterNodesResponse Unregister(UnregisterNodesRequest request)
    {
        if (request.NodesToUnregister.Length == 0)
            return new UnregisterNodesResponse().Fail(StatusCodes.BadNothingToDo);
        return request.NodesToUnregister.Length > limits.MaxNodesPerRegisterNodes
            ? new UnregisterNodesResponse().Fail(StatusCodes.BadTooManyOperations)
            : new UnregisterNodesResponse();
    }

    private BrowseResult Browse(Session session, BrowseDescription description, int max, Budget budget)
    {
        if (space.Find(description.NodeId) is not { } node)
            return new BrowseResult { StatusCode = StatusCodes.BadNodeIdUnknown };
        if (AccessCheck.Check(node, PermissionType.Browse, session.Rights) is { IsBad: true } denied)
            return new BrowseResult { StatusCode = denied };
        if (description.BrowseDirection is < BrowseDirection.Forward or > BrowseDirection.Both)
            return new BrowseResult { StatusCode = StatusCodes.BadBrowseDirectionInvalid };
        if (!description.ReferenceTypeId.IsNull && space.Find(description.ReferenceTypeId) is not ReferenceTypeNode)
            return new BrowseResult { StatusCode = StatusCodes.BadReferenceTypeIdInvalid };
        return Collect(session, new BrowsePoint(node, description, 0, max), budget);
    }

    private BrowseResult Collect(Session session, BrowsePoint point, Budget budget)
    {
        var found = new List<ReferenceDescription>();
        var description = point.Description;
        var filter = description.ReferenceTypeId.IsNull ? null : space.Find(description.ReferenceTypeId);
        var references = point.Node.References;
        var rights = session.Rights;
        for (var i = point.NextIndex; i < references.Count; i++)
        {
            var reference = references.At(i);
            if (reference.Type is null || !Matches(reference, description.BrowseDirection, filter, description.IncludeSubtypes))
                continue;
            if (description.NodeClassMask != 0 && (description.NodeClassMask & (uint)reference.Target.NodeClass) == 0)
                continue;
            if (!AccessCheck.MayBrowse(reference.Target, rights))
                continue;
            if (found.Count == point.MaxReferences || budget.References == 0)
            {
                if (budget.Points == 0)
                    return new BrowseResult { StatusCode = StatusCodes.BadNoContinuationPoints };
                budget.Points--;
                return new BrowseResult
                {
                    ContinuationPoint = session.BrowsePoints.Add(point with { NextIndex = i }),
                    References = [.. found],
                };
            }

            budget.References--;
            found.Add(Describe(reference, (BrowseResultMask)description.ResultMask));
        }

        return new BrowseResult { References = [.. found] };
    }

    /// <summary>What one request may still take.</summary>
    private sealed class Budget(ServerLimits limits)
    {
        public int References { get; set; } = limits.MaxReferencesPerBrowse;

        public int Points { get; set; } = limits.MaxBrowseContinuationPoints;
    }

    private static bool Matches(in Reference reference, BrowseDirection direction, Node? filter, bool subtypes)
    {
        if (direction != BrowseDirection.Both && reference.IsInverse != (direction == BrowseDirection.Inverse))
            return false;
        return filter is null || reference.Type == filter || (subtypes && reference.Type.IsSubtypeOf(filter));
    }

    private static ReferenceDescription Describe(in Reference reference, BrowseResultMask mask)
    {
        var target = reference.Target;
        return new ReferenceDescription
        {
            NodeId = target.Id,
            ReferenceTypeId = mask.HasFlag(BrowseResultMask.ReferenceTypeId) ? reference.Type.Id : NodeId.Null,
            IsForward = mask.HasFlag(BrowseResultMask.IsForward) && !reference.IsInverse,
            NodeClass = mask.HasFlag(BrowseResultMask.NodeClass) ? target.NodeClass : NodeClass.Unspecified,
            BrowseName = mask.HasFlag(BrowseResultMask.BrowseName) ? target.BrowseName : default,
            DisplayName = mask.HasFlag(BrowseResultMask.DisplayName) ? target.DisplayName : default,
            TypeDefinition = mask.HasFlag(BrowseResultMask.TypeDefinition) && target is ObjectNode or VariableNode ? target.TypeDefinition?.Id ?? NodeId.Null : NodeId.Null,
        };
    }

    private BrowsePathResult Translate(BrowsePath path, UserRights rights)
    {
        if (space.Find(path.StartingNode) is not { } start)
            return new BrowsePathResult { StatusCode = StatusCodes.BadNodeIdUnknown };
        var elements = path.RelativePath.Elements;
        if (elements.Length == 0)
            return new BrowsePathResult { StatusCode = StatusCodes.BadNothingToDo };
        var at = new List<Node> { start };
        for (var i = 0; i < elements.Length; i++)
        {
            // 7.31: the last element may leave the name out; then every target of its reference type is meant.
            var element = elements[i];
            var anyName = element.TargetName.IsNull && i == elements.Length - 1;
            if (element.TargetName.IsNull && !anyName)
                return new BrowsePathResult { StatusCode = StatusCodes.BadBrowseNameInvalid };
            var filter = element.ReferenceTypeId.IsNull ? null : space.Find(element.ReferenceTypeId);
            if (filter is null && !element.ReferenceTypeId.IsNull)
                return new BrowsePathResult { StatusCode = StatusCodes.BadNoMatch };
            var next = new List<Node>();
            foreach (var node in at)
            {
                foreach (var reference in node.References)
                {
                    if (Matches(reference, element.IsInverse ? BrowseDirection.Inverse : BrowseDirection.Forward, filter, element.IncludeSubtypes)
                        && (anyName || reference.Target.BrowseName == element.TargetName)
                        && AccessCheck.MayBrowse(reference.Target, rights)
                        && !next.Contains(reference.Target))
                    {
                        next.Add(reference.Target);
                    }
                }
            }

            at = next;
            if (at.Count == 0)
                return new BrowsePathResult { StatusCode = StatusCodes.BadNoMatch };
        }

        return new BrowsePathResult { Targets = [.. at.Select(n => new BrowsePathTarget { TargetId = n.Id, RemainingPathIndex = uint.MaxValue })] };
    }
}
