using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

public sealed partial class UaClient
{
    /// <summary>
    /// Links items that only sample to one that makes them report (OPC 10000-4, 5.13.5). Links are taken away first. The response has one status for each link.
    /// </summary>
    /// <param name="subscriptionId">The subscription of all the items.</param>
    /// <param name="triggeringItemId">The item whose reports make the others report; ids are those that the server gave.</param>
    /// <param name="add">Items to link.</param>
    /// <param name="remove">Items to unlink.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="UaServiceException">The server refused the whole: it has no such item or subscription, or no such service.</exception>
    public ValueTask<SetTriggeringResponse> SetTriggeringAsync(uint subscriptionId, uint triggeringItemId, IReadOnlyList<uint> add, IReadOnlyList<uint>? remove = null, CancellationToken cancel = default) =>
        InvokeAsync<SetTriggeringResponse>(new SetTriggeringRequest { SubscriptionId = subscriptionId, TriggeringItemId = triggeringItemId, LinksToAdd = [.. add], LinksToRemove = [.. remove ?? []] }, cancel);
}
