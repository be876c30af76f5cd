using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>A publish request that waits for something to answer it with.</summary>
internal sealed record PendingPublish(IServerChannel Channel, uint RequestId, uint RequestHandle, StatusCode[] Results, long Deadline);
