namespace FloorGateway.OpcUa.Client;

/// <summary>Cuts operation lists to what a server takes in one call.</summary>
internal static class Batches
{
    /// <summary>Calls <paramref name="call"/> for each slice, in order, and joins the results, which must match the operations in number.</summary>
    public static async ValueTask<TResult[]> RunAsync<TOperation, TResult>(IReadOnlyList<TOperation> operations, int limit, Func<TOperation[], ValueTask<TResult[]>> call)
    {
        if (operations.Count == 0)
        {
            return [];
        }

        var results = new TResult[operations.Count];
        for (var start = 0; start < operations.Count; start += limit)
        {
            var slice = new TOperation[Math.Min(limit, operations.Count - start)];
            for (var i = 0; i < slice.Length; i++)
            {
                slice[i] = operations[start + i];
            }

            var part = await call(slice).ConfigureAwait(false);
            if (part.Length != slice.Length)
            {
                throw new UaServiceException(Types.StatusCodes.BadUnexpectedError, $"The server answered {slice.Length} operations with {part.Length} results. Nothing can be said about any of them.");
            }

            part.CopyTo(results, start);
        }

        return results;
    }
}
