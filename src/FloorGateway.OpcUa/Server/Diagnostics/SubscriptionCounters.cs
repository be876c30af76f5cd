namespace FloorGateway.OpcUa.Server.Diagnostics;

/// <summary>What happened to a subscription (OPC 10000-5, 12.15); guarded by the subscription manager's lock.</summary>
internal sealed class SubscriptionCounters
{
    public uint Modified;
    public uint Enabled;
    public uint Disabled;
    public uint RepublishRequests;
    public uint RepublishedMessages;
    public uint TransferRequests;
    public uint TransferredToSameClient;
    public uint PublishRequests;
    public uint DataChanges;
    public uint Events;
    public uint DiscardedMessages;
}
