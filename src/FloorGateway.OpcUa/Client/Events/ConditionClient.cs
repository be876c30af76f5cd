using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Events;

/// <summary>
/// What an operator does with alarms (OPC 10000-9, 5.5 to 5.8). Each method gives the server's status: for example BadEventIdUnknown when the alarm has changed
/// since the event, BadConditionBranchAlreadyAcked when somebody was faster.
/// </summary>
public sealed class ConditionClient(UaClient client)
{
    /// <summary>Acknowledges the state that an event told of.</summary>
    /// <param name="condition"><see cref="ReceivedEvent.ConditionId"/>.</param>
    /// <param name="eventId"><see cref="ReceivedEvent.EventId"/>.</param>
    /// <param name="comment">Null leaves the comment as it is.</param>
    /// <param name="cancel">Gives up waiting; the server may have done it all the same.</param>
    /// <exception cref="UaServiceException">The server could not take the call at all.</exception>
    public ValueTask<StatusCode> AcknowledgeAsync(NodeId condition, byte[] eventId, string? comment = null, CancellationToken cancel = default) =>
        CallAsync(condition, MethodIds.AcknowledgeableConditionType_Acknowledge, cancel, Variant.From(eventId), Comment(comment));

    /// <summary>Confirms that the cause is dealt with.</summary>
    /// <inheritdoc cref="AcknowledgeAsync"/>
    public ValueTask<StatusCode> ConfirmAsync(NodeId condition, byte[] eventId, string? comment = null, CancellationToken cancel = default) =>
        CallAsync(condition, MethodIds.AcknowledgeableConditionType_Confirm, cancel, Variant.From(eventId), Comment(comment));

    /// <inheritdoc cref="AcknowledgeAsync"/>
    public ValueTask<StatusCode> AddCommentAsync(NodeId condition, byte[] eventId, string comment, CancellationToken cancel = default) =>
        CallAsync(condition, MethodIds.ConditionType_AddComment, cancel, Variant.From(eventId), Comment(comment));

    public ValueTask<StatusCode> EnableAsync(NodeId condition, CancellationToken cancel = default) => CallAsync(condition, MethodIds.ConditionType_Enable, cancel);

    public ValueTask<StatusCode> DisableAsync(NodeId condition, CancellationToken cancel = default) => CallAsync(condition, MethodIds.ConditionType_Disable, cancel);

    public ValueTask<StatusCode> SuppressAsync(NodeId condition, CancellationToken cancel = default) => CallAsync(condition, MethodIds.AlarmConditionType_Suppress, cancel);

    public ValueTask<StatusCode> UnsuppressAsync(NodeId condition, CancellationToken cancel = default) => CallAsync(condition, MethodIds.AlarmConditionType_Unsuppress, cancel);

    public ValueTask<StatusCode> RemoveFromServiceAsync(NodeId condition, CancellationToken cancel = default) => CallAsync(condition, MethodIds.AlarmConditionType_RemoveFromService, cancel);

    public ValueTask<StatusCode> PlaceInServiceAsync(NodeId condition, CancellationToken cancel = default) => CallAsync(condition, MethodIds.AlarmConditionType_PlaceInService, cancel);

    /// <summary>Shelves an alarm for a time.</summary>
    public ValueTask<StatusCode> ShelveAsync(NodeId condition, TimeSpan time, CancellationToken cancel = default) =>
        CallShelfAsync(condition, "TimedShelve", MethodIds.AlarmConditionType_ShelvingState_TimedShelve, cancel, Variant.From(time.TotalMilliseconds));

    /// <summary>Shelves an alarm until it is over.</summary>
    public ValueTask<StatusCode> ShelveOnceAsync(NodeId condition, CancellationToken cancel = default) =>
        CallShelfAsync(condition, "OneShotShelve", MethodIds.AlarmConditionType_ShelvingState_OneShotShelve, cancel);

    public ValueTask<StatusCode> UnshelveAsync(NodeId condition, CancellationToken cancel = default) =>
        CallShelfAsync(condition, "Unshelve", MethodIds.AlarmConditionType_ShelvingState_Unshelve, cancel);

    /// <summary>Asks for the events of all conditions that need attention, to the event items of one's own subscription (OPC 10000-9, 5.5.7).</summary>
    public ValueTask<StatusCode> RefreshAsync(uint subscriptionId, CancellationToken cancel = default) =>
        CallAsync(ObjectTypeIds.ConditionType, MethodIds.ConditionType_ConditionRefresh, cancel, Variant.From(subscriptionId));

    /// <summary>The same for one item (OPC 10000-9, 5.5.8). Not every server has it.</summary>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="monitoredItemId">The id that the server gave the item.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public ValueTask<StatusCode> RefreshItemAsync(uint subscriptionId, uint monitoredItemId, CancellationToken cancel = default) =>
        CallAsync(ObjectTypeIds.ConditionType, MethodIds.ConditionType_ConditionRefresh2, cancel, Variant.From(subscriptionId), Variant.From(monitoredItemId));

    private static Variant Comment(string? text) => Variant.From(text is null ? default : new LocalizedText(text));

    // Object and method are the ShelvingState's own; a condition without nodes takes the declared methods itself (5.8.17.4).
    private async ValueTask<StatusCode> CallShelfAsync(NodeId condition, string name, uint declared, CancellationToken cancel, params Variant[] arguments)
    {
        var shelf = new QualifiedName("ShelvingState");
        BrowsePath[] paths = [UaClient.PathFrom(condition, [shelf]), UaClient.PathFrom(condition, [shelf, new QualifiedName(name)])];
        var found = await client.TranslateBrowsePathsAsync(paths, cancel).ConfigureAwait(false);
        return UaClient.TargetOf(found[0], client.NamespaceUris) is { } target
            ? await CallAsync(target, UaClient.TargetOf(found[1], client.NamespaceUris) ?? declared, cancel, arguments).ConfigureAwait(false)
            : await CallAsync(condition, declared, cancel, arguments).ConfigureAwait(false);
    }

    private async ValueTask<StatusCode> CallAsync(NodeId target, NodeId method, CancellationToken cancel, params Variant[] arguments) =>
        (await client.CallAsync(target, method, arguments, cancel).ConfigureAwait(false)).StatusCode;
}
