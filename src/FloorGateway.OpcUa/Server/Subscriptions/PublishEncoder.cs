using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>Writes PublishResponse bodies around notification messages that are encoded already (OPC 10000-4, 5.14.5).</summary>
internal static class PublishEncoder
{
    /// <summary>The response around a message, in the message's own memory where there is room.</summary>
    public static MessageBody Encode(PendingPublish request, Subscription subscription, bool more, PooledBuffer message, long nowUtcTicks)
    {
        var around = MessageBody.Rent();
        var writer = new UaWriter(around);
        WriteHeader(ref writer, request, nowUtcTicks);
        writer.WriteUInt32(subscription.Id);
        writer.WriteUInt32Array(subscription.AvailableSequenceNumbers);
        writer.WriteBoolean(more);
        writer.Flush();
        var head = around.Length;
        WriteTrailer(ref writer, request);
        if (message.Frame(around.Written[..head], around.Written[head..]) is { } framed)
        {
            around.Dispose();
            return framed;
        }

        var trailer = around.Written[head..].ToArray();
        around.Truncate(head);
        writer = new UaWriter(around);
        writer.WriteRaw(message.Written);
        writer.WriteRaw(trailer);
        writer.Flush();
        return around;
    }

    public static MessageBody EncodeKeepAlive(PendingPublish request, Subscription subscription, long nowUtcTicks)
    {
        var message = new NotificationMessage { SequenceNumber = subscription.NextSequenceNumber, PublishTime = new DateTime(nowUtcTicks, DateTimeKind.Utc) };
        return Encode(request, subscription.Id, subscription.AvailableSequenceNumbers, message, nowUtcTicks);
    }

    public static MessageBody EncodeStatusChange(PendingPublish request, uint subscriptionId, uint sequenceNumber, StatusCode status, long nowUtcTicks)
    {
        var message = new NotificationMessage
        {
            SequenceNumber = sequenceNumber,
            PublishTime = new DateTime(nowUtcTicks, DateTimeKind.Utc),
            NotificationData = [new ExtensionObject(new StatusChangeNotification { Status = status })],
        };
        return Encode(request, subscriptionId, [], message, nowUtcTicks);
    }

    private static MessageBody Encode(PendingPublish request, uint subscriptionId, uint[] available, NotificationMessage message, long nowUtcTicks)
    {
        var body = MessageBody.Rent();
        var writer = new UaWriter(body);
        WriteHeader(ref writer, request, nowUtcTicks);
        writer.WriteUInt32(subscriptionId);
        writer.WriteUInt32Array(available);
        writer.WriteBoolean(false);
        message.Encode(ref writer);
        WriteTrailer(ref writer, request);
        return body;
    }

    private static void WriteHeader(ref UaWriter writer, PendingPublish request, long nowUtcTicks)
    {
        writer.WriteNodeId(new NodeId(PublishResponse.BinaryId));
        writer.WriteDateTimeTicks(nowUtcTicks);
        writer.WriteUInt32(request.RequestHandle);
        writer.WriteStatusCode(StatusCodes.Good);
        writer.WriteDiagnosticInfo(null);
        writer.WriteInt32(-1);
        writer.WriteExtensionObject((ExtensionObject?)null);
    }

    private static void WriteTrailer(ref UaWriter writer, PendingPublish request)
    {
        writer.WriteStatusCodeArray(request.Results);
        writer.WriteInt32(-1);
        writer.Flush();
    }
}
