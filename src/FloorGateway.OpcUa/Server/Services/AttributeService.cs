using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Server.Services;

/// <summary>Read and Write (OPC 10000-4, 5.11).</summary>
internal sealed class AttributeService(Space space, ServerLimits limits, ILogger logger)
{
    private const AccessLevelType None = 0;

    public ReadResponse Read(Session session, ReadRequest request)
    {
        if (request.MaxAge < 0)
            return new ReadResponse().Fail(StatusCodes.BadMaxAgeInvalid);
        if (request.TimestampsToReturn is < TimestampsToReturn.Source or > TimestampsToReturn.Neither)
            return new ReadResponse().Fail(StatusCodes.BadTimestampsToReturnInvalid);
        if (request.NodesToRead.Length == 0)
            return new ReadResponse().Fail(StatusCodes.BadNothingToDo);
        if (request.NodesToRead.Length > limits.MaxNodesPerRead)
            return new ReadResponse().Fail(StatusCodes.BadTooManyOperations);
        var now = space.Clock.GetUtcNow().UtcTicks;
        var results = new DataValue[request.NodesToRead.Length];
        for (var i = 0; i < results.Length; i++)
            results[i] = Read(request.NodesToRead[i], request.TimestampsToReturn, session.Rights, now);
        return new ReadResponse { Results = results };
    }

    public WriteResponse Write(Session session, WriteRequest request)
    {
        if (request.NodesToWrite.Length == 0)
            return new WriteResponse().Fail(StatusCodes.BadNothingToDo);
        if (request.NodesToWrite.Length > limits.MaxNodesPerWrite)
            return new WriteResponse().Fail(StatusCodes.BadTooManyOperations);
        var results = new StatusCode[request.NodesToWrite.Length];
        for (var i = 0; i < results.Length; i++)
            results[i] = Write(session, request.NodesToWrite[i]);
        return new WriteResponse { Results = results };
    }

    /// <summary>A data encoding may be named for structured values only, and only the binary one is there (5.11.2.2).</summary>
    public static StatusCode CheckDataEncoding(Node node, uint attributeId, QualifiedName encoding)
    {
        if (encoding.IsNull)
            return StatusCodes.Good;
        if (attributeId != AttributeIds.Value || node is not VariableNode variable || node.Space.BuiltInOf(variable.DataType) is not (BuiltInType.ExtensionObject or BuiltInType.Variant))
            return StatusCodes.BadDataEncodingInvalid;
        return encoding is { NamespaceIndex: 0, Name: "Default Binary" } ? StatusCodes.Good : StatusCodes.BadDataEncodingUnsupported;
    }

    private DataValue Read(ReadValueId target, TimestampsToReturn timestamps, UserRights rights, long now)
    {
        if (space.Find(target.NodeId) is not { } node)
            return new DataValue(Variant.Null, StatusCodes.BadNodeIdUnknown);
        if (!NumericRange.TryParse(target.IndexRange, out var range))
            return new DataValue(Variant.Null, StatusCodes.BadIndexRangeInvalid);
        if (CheckDataEncoding(node, target.AttributeId, target.DataEncoding) is { IsBad: true } refused)
            return new DataValue(Variant.Null, refused);
        var withServerTime = timestamps is TimestampsToReturn.Server or TimestampsToReturn.Both;
        if (AccessCheck.Check(node, target.AttributeId == AttributeIds.Value ? PermissionType.Read : PermissionType.Browse, rights) is { IsBad: true } denied)
            return new DataValue(Variant.Null, denied);
        if (target.AttributeId != AttributeIds.Value)
        {
            var status = AttributeReader.Read(node, target.AttributeId, rights, out var attribute);
            if (status.IsGood && !range.IsEmpty)
                status = range.Select(attribute, out attribute);
            return new DataValue(attribute, status, 0, withServerTime ? now : 0);
        }

        if (node is VariableTypeNode { Value: { } standard })
            return new DataValue(standard, StatusCodes.Good, 0, withServerTime ? now : 0);
        if (node is not VariableNode variable)
            return new DataValue(Variant.Null, StatusCodes.BadAttributeIdInvalid);
        if ((variable.AccessLevel & AccessLevelType.CurrentRead) == None)
            return new DataValue(Variant.Null, StatusCodes.BadNotReadable);
        DataValue read;
        try
        {
            read = variable.GetValue();
        }
        catch (Exception error)
        {
            logger.ReadFailed(variable.Id, error);
            return new DataValue(Variant.Null, StatusCodes.BadInternalError, 0, withServerTime ? now : 0);
        }

        var value = read.Value;
        var quality = read.Status;
        if (!range.IsEmpty && !quality.IsBad)
        {
            var selected = range.Select(value, out value);
            if (selected.IsBad)
                quality = selected;
        }

        return new DataValue(value, quality, timestamps is TimestampsToReturn.Source or TimestampsToReturn.Both ? read.SourceTicks : 0, withServerTime ? now : 0);
    }

    private StatusCode Write(Session session, WriteValue target)
    {
        if (space.Find(target.NodeId) is not { } node)
            return StatusCodes.BadNodeIdUnknown;
        if (target.AttributeId != AttributeIds.Value)
            return AttributeReader.Read(node, target.AttributeId, session.Rights, out _).IsBad ? StatusCodes.BadAttributeIdInvalid : StatusCodes.BadNotWritable;
        if (node is not VariableNode variable)
            return StatusCodes.BadAttributeIdInvalid;
        if ((variable.AccessLevel & AccessLevelType.CurrentWrite) == None)
            return StatusCodes.BadNotWritable;
        if (AccessCheck.Check(variable, PermissionType.Write, session.Rights) is { IsBad: true } denied)
            return denied;
        var given = target.Value;
        if ((given.Status.Value != 0 && (variable.AccessLevel & AccessLevelType.StatusWrite) == None)
            || ((given.SourceTicks != 0 || given.ServerTicks != 0) && (variable.AccessLevel & AccessLevelType.TimestampWrite) == None))
        {
            return StatusCodes.BadWriteNotSupported;
        }

        if (!NumericRange.TryParse(target.IndexRange, out var range))
            return StatusCodes.BadIndexRangeInvalid;
        var value = given.Value;
        if (!range.IsEmpty)
        {
            var replaced = range.Replace(variable.GetValue().Value, TypeCheck.BytesAsArray(space, variable.DataType, variable.ValueRank, given.Value), out value);
            if (replaced.IsBad)
                return replaced;
        }

        value = TypeCheck.BytesAsArray(space, variable.DataType, variable.ValueRank, value);
        var fits = TypeCheck.Check(space, variable.DataType, variable.ValueRank, value);
        return fits.IsBad ? fits : Store(session, variable, new DataValue(value, given.Status, given.SourceTicks, given.ServerTicks));
    }

    private StatusCode Store(Session session, VariableNode variable, DataValue value)
    {
        var answer = StatusCode.Good;
        if (variable.OnWrite is { } handler)
        {
            try
            {
                answer = handler(session.ContextFor(variable), value);
            }
            catch (Exception error)
            {
                logger.WriteFailed(variable.Id, error);
                return StatusCodes.BadInternalError;
            }
        }

        // Other good codes, such as GoodCompletesAsynchronously, leave it to the handler to set the value.
        if (answer.Value == StatusCodes.Good)
            variable.SetValue(value.Value, value.Status, value.SourceTicks);
        return answer;
    }
}
