using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

public sealed partial class UaClient
{
    /// <summary>Reads attributes, as many calls as the server's limits ask for (OPC 10000-4, 5.11.2). One result per node, in order.</summary>
    public ValueTask<DataValue[]> ReadAsync(IReadOnlyList<ReadValueId> nodes, TimestampsToReturn timestamps = TimestampsToReturn.Both, double maxAgeMs = 0, CancellationToken cancel = default) =>
        Batches.RunAsync(nodes, Limits.MaxNodesPerRead, async slice =>
        {
            var request = new ReadRequest { NodesToRead = slice, TimestampsToReturn = timestamps, MaxAge = maxAgeMs };
            return (await InvokeAsync<ReadResponse>(request, cancel).ConfigureAwait(false)).Results;
        });

    /// <summary>Reads the Value attribute of nodes.</summary>
    public ValueTask<DataValue[]> ReadValuesAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancel = default) =>
        ReadAsync([.. nodes.Select(n => new ReadValueId { NodeId = n, AttributeId = AttributeIds.Value })], cancel: cancel);

    /// <summary>Reads the Value attribute of one node. A bad status is a value, not an exception.</summary>
    public async ValueTask<DataValue> ReadValueAsync(NodeId node, CancellationToken cancel = default) =>
        (await ReadValuesAsync([node], cancel).ConfigureAwait(false))[0];

    /// <summary>Writes attributes (OPC 10000-4, 5.11.4). One status per node, in order. A slice that fails leaves the ones before it written.</summary>
    public ValueTask<StatusCode[]> WriteAsync(IReadOnlyList<WriteValue> values, CancellationToken cancel = default) =>
        Batches.RunAsync(values, Limits.MaxNodesPerWrite, async slice =>
            (await InvokeAsync<WriteResponse>(new WriteRequest { NodesToWrite = slice }, cancel).ConfigureAwait(false)).Results);

    /// <summary>Writes the Value attribute of one node, without timestamps: many servers refuse to take them.</summary>
    public async ValueTask<StatusCode> WriteValueAsync(NodeId node, Variant value, CancellationToken cancel = default)
    {
        var write = new WriteValue { NodeId = node, AttributeId = AttributeIds.Value, Value = new DataValue(value) };
        return (await WriteAsync([write], cancel).ConfigureAwait(false))[0];
    }

    /// <summary>Calls methods (OPC 10000-4, 5.12.2). One result per call, in order.</summary>
    public ValueTask<CallMethodResult[]> CallAsync(IReadOnlyList<CallMethodRequest> calls, CancellationToken cancel = default) =>
        Batches.RunAsync(calls, Limits.MaxNodesPerMethodCall, async slice =>
            (await InvokeAsync<CallResponse>(new CallRequest { MethodsToCall = slice }, cancel).ConfigureAwait(false)).Results);

    /// <summary>Calls one method of an object.</summary>
    public async ValueTask<CallMethodResult> CallAsync(NodeId objectId, NodeId methodId, IReadOnlyList<Variant> arguments, CancellationToken cancel = default)
    {
        var call = new CallMethodRequest { ObjectId = objectId, MethodId = methodId, InputArguments = [.. arguments] };
        return (await CallAsync([call], cancel).ConfigureAwait(false))[0];
    }
}
