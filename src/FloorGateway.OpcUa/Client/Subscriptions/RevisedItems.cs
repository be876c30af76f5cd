using System.Globalization;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>What a server made of the sampling intervals and queues that were asked for (RevisedSamplingInterval, RevisedQueueSize; OPC 10000-4, 5.13.2).</summary>
/// <param name="Items">Items that the server took.</param>
/// <param name="Slower">Of them, those it looks at less often than asked: changes in between are never seen.</param>
/// <param name="Shorter">Of them, those for which it keeps fewer values than asked: what comes fast may be lost between two publishings.</param>
/// <param name="Example">One of them with its figures, for people.</param>
public sealed record RevisedItems(int Items, int Slower, int Shorter, string Example)
{
    /// <summary>One sentence for log and status page.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"of {Items} items the server samples {Slower} slower and queues {Shorter} shorter than asked, e.g. {Example}");
}
