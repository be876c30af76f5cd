using System.Runtime.CompilerServices;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

public sealed partial class UaClient
{
    /// <summary>
    /// Reads a node's raw history from start to end in pages, oldest first (OPC 10000-11, 6.5.3). Stopping early releases
    /// the server's continuation point.
    /// </summary>
    /// <param name="node">A node with history.</param>
    /// <param name="start">UTC, included.</param>
    /// <param name="end">UTC, excluded.</param>
    /// <param name="pageSize">Most values of one page; 0 leaves it to the server.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="UaServiceException">The server has no history for the node (BadHistoryOperationUnsupported and the like).</exception>
    public async IAsyncEnumerable<DataValue[]> HistoryReadRawAsync(NodeId node, DateTime start, DateTime end, uint pageSize = 10_000, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var details = new ExtensionObject(new ReadRawModifiedDetails { StartTime = start, EndTime = end, NumValuesPerNode = pageSize });
        byte[]? point = null;
        try
        {
            do
            {
                var result = await HistoryReadAsync(details, node, point, release: false, cancel).ConfigureAwait(false);
                point = null;
                if (result.StatusCode.IsBad)
                {
                    if (result.StatusCode.CodeBits == StatusCodes.BadNoData)
                    {
                        yield break;
                    }

                    throw SessionServices.Failed($"HistoryRead of {node}", Options, result.StatusCode);
                }

                point = result.ContinuationPoint is { Length: > 0 } next ? next : null;
                if (result.HistoryData?.As<HistoryData>() is { DataValues.Length: > 0 } data)
                {
                    yield return data.DataValues;
                }
            }
            while (point is not null);
        }
        finally
        {
            if (point is not null && !Closed.IsCompleted)
            {
                await HistoryReadAsync(details, node, point, release: true, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<HistoryReadResult> HistoryReadAsync(ExtensionObject details, NodeId node, byte[]? point, bool release, CancellationToken cancel)
    {
        var request = new HistoryReadRequest
        {
            HistoryReadDetails = details,
            TimestampsToReturn = TimestampsToReturn.Both,
            ReleaseContinuationPoints = release,
            NodesToRead = [new HistoryReadValueId { NodeId = node, ContinuationPoint = point }],
        };
        var response = await InvokeAsync<HistoryReadResponse>(request, cancel).ConfigureAwait(false);
        return response.Results.Length == 1 ? response.Results[0]
            : release ? new HistoryReadResult()
            : throw SessionServices.Failed("HistoryRead", Options, StatusCodes.BadUnexpectedError);
    }
}
