using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Conditions;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Server.Services;

/// <summary>Call (OPC 10000-4, 5.12).</summary>
internal sealed class MethodService(Space space, ServerLimits limits, ILogger logger)
{
    public CallResponse Call(Session session, CallRequest request)
    {
        if (request.MethodsToCall.Length == 0)
            return new CallResponse().Fail(StatusCodes.BadNothingToDo);
        if (request.MethodsToCall.Length > limits.MaxNodesPerMethodCall)
            return new CallResponse().Fail(StatusCodes.BadTooManyOperations);
        var results = new CallMethodResult[request.MethodsToCall.Length];
        for (var i = 0; i < results.Length; i++)
            results[i] = Call(session, request.MethodsToCall[i]);
        return new CallResponse { Results = results };
    }

    private CallMethodResult Call(Session session, CallMethodRequest request)
    {
        // A condition may have no node, and takes the methods of its types whether it has or not (OPC 10000-9, 5.5.2).
        if (space.Events.FindCondition(request.ObjectId) is { } condition && space.Find(request.MethodId) is MethodNode declared)
            return Call(session, condition, declared, request.InputArguments);
        if (space.Find(request.ObjectId) is not { } target)
            return Failed(StatusCodes.BadNodeIdUnknown);
        if (space.Find(request.MethodId) is not MethodNode named || FindOn(target, named) is not { } method)
            return Failed(StatusCodes.BadMethodInvalid);
        if (method is not { Handler: { } handler, Executable: true })
            return Failed(StatusCodes.BadNotExecutable);

        // Where the object has permissions too, both must allow it (OPC 10000-3, 8.55).
        if (!method.AnonymousMayCall && AccessCheck.Check(method, PermissionType.Call, session.Rights) is { IsBad: true } denied)
            return Failed(denied);
        if (AccessCheck.RolesOf(target) is not null && AccessCheck.Check(target, PermissionType.Call, session.Rights) is { IsBad: true } deniedOnObject)
            return Failed(deniedOnObject);
        return Run(session.ContextFor(target), method, handler, request.InputArguments);
    }

    private CallMethodResult Call(Session session, Condition condition, MethodNode method, Variant[] inputs)
    {
        if (!condition.Owns(method))
            return Failed(StatusCodes.BadMethodInvalid);
        if (AccessCheck.Check(condition.NodeOf(method) ?? condition.Source, PermissionType.Call, session.Rights) is { IsBad: true } denied)
            return Failed(denied);
        if (AccessCheck.RolesOf(condition.Source) is not null && AccessCheck.Check(condition.Source, PermissionType.Call, session.Rights) is { IsBad: true } deniedOnSource)
            return Failed(deniedOnSource);
        return Run(session.ContextFor(condition.Source), method, (context, given) => condition.Call(method.BrowseName.Name!, context, given), inputs);
    }

    private CallMethodResult Run(CallContext context, MethodNode method, MethodHandler handler, Variant[] inputs)
    {
        if (inputs.Length != method.Inputs.Count)
            return Failed(inputs.Length < method.Inputs.Count ? StatusCodes.BadArgumentsMissing : StatusCodes.BadTooManyArguments);
        var checks = new StatusCode[inputs.Length];
        var fits = true;
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = TypeCheck.BytesAsArray(space, method.Inputs[i].DataType, method.Inputs[i].ValueRank, inputs[i]);
            checks[i] = TypeCheck.Check(space, method.Inputs[i].DataType, method.Inputs[i].ValueRank, inputs[i]);
            fits &= !checks[i].IsBad;
        }

        if (!fits)
            return new CallMethodResult { StatusCode = StatusCodes.BadInvalidArgument, InputArgumentResults = checks };
        try
        {
            var (status, outputs) = handler(context, inputs);
            return new CallMethodResult { StatusCode = status, InputArgumentResults = checks, OutputArguments = status.IsBad ? [] : outputs };
        }
        catch (Exception error)
        {
            logger.CallFailed(method.Id, error);
            return Failed(StatusCodes.BadInternalError);
        }
    }

    // A method is called by its own id or by that of its declaration in the object's type (5.12.2.2) or in an interface that it implements.
    private static MethodNode? FindOn(Node target, MethodNode named)
    {
        MethodNode? byName = null;
        foreach (var reference in target.References)
        {
            if (reference.IsInverse || reference.Target is not MethodNode method || !reference.Type.IsHierarchical)
                continue;
            if (method == named)
                return method;
            if (method.BrowseName == named.BrowseName)
                byName = method;
        }

        for (var type = target as TypeNode ?? target.TypeDefinition; byName is not null && type is not null; type = type.Supertype)
        {
            if (type.FindChild(named.BrowseName) == named || IsOnInterface(type, named))
                return byName;
        }

        return byName is not null && IsOnInterface(target, named) ? byName : null;
    }

    private static bool IsOnInterface(Node implementing, MethodNode named)
    {
        foreach (var reference in implementing.References)
        {
            if (reference.IsInverse || reference.Type.Id != ReferenceTypeIds.HasInterface)
                continue;
            for (var type = reference.Target; type is not null; type = type.Supertype)
            {
                if (type.FindChild(named.BrowseName) == named)
                    return true;
            }
        }

        return false;
    }

    private static CallMethodResult Failed(StatusCode status) => new() { StatusCode = status };
}
