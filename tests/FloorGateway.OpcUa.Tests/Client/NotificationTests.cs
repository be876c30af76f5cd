using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Client;

public sealed class NotificationTests
{
    private static readonly byte[] Golden = Wire.Hex("""
        01 00 3D 03                # PublishResponse Default Binary, 829
        80 96 98 00 00 00 00 00    # response time: one second after 1601
        09 00 00 00                # request handle
        00 00 00 00                # service result Good
        00                         # no diagnostics
        00 00 00 00                # no string table
        00 00 00                   # no additional header
        2A 00 00 00                # subscription 42
        02 00 00 00                # two messages kept:
        06 00 00 00 07 00 00 00    #   6 and 7
        01                         # more notifications
        07 00 00 00                # sequence number 7
        00 2D 31 01 00 00 00 00    # publish time: two seconds after 1601
        01 00 00 00                # one part:
        01 00 2B 03                #   DataChangeNotification Default Binary, 811
        01 2A 00 00 00             #   byte string of 42 bytes
        01 00 00 00                #   one item:
        05 00 00 00                #     client handle 5
        0F                         #     value, status, source and server time
        0B 00 00 00 00 00 00 F8 3F #     Double 1.5
        00 00 92 40                #     UncertainInitialValue
        01 00 00 00 00 00 00 00    #     source time
        02 00 00 00 00 00 00 00    #     server time
        FF FF FF FF                #   no diagnostics
        00 00 00 00                # results of acknowledgements
        00 00 00 00                # their diagnostics
        """);

    [Fact]
    public void Reads_the_annotated_publish_response()
    {
        var pool = new MessagePool();
        var acknowledgements = new AcknowledgementQueue();
        var notification = new NotificationPool().Rent();
        Assert.Equal(StatusCode.Good, notification.OpenPublish(Message(pool, Golden), EncodingLimits.Default, acknowledgements));

        Assert.Equal(42u, notification.SubscriptionId);
        Assert.Equal(7u, notification.SequenceNumber);
        Assert.Equal([6, 7], notification.Available);
        Assert.True(notification.MoreNotifications);
        Assert.Equal(UaDateTime.EpochTicks + TimeSpan.FromSeconds(2).Ticks, notification.PublishTicks);
        Assert.Equal(1, notification.DataChangeCount);
        var reader = notification.DataChanges;
        Assert.True(reader.MoveNext());
        Assert.Equal(5u, reader.ClientHandle);
        Assert.Equal(1.5, reader.Double);
        Assert.Equal(StatusCodes.UncertainInitialValue, reader.Status.Value);
        Assert.Equal(UaDateTime.EpochTicks + 1, reader.SourceTicks);
        Assert.Equal(UaDateTime.EpochTicks + 2, reader.ServerTicks);
        Assert.False(reader.MoveNext());

        notification.Acknowledge();
        notification.Acknowledge();
        var acknowledgement = Assert.Single(acknowledgements.Take());
        Assert.Equal((42u, 7u), (acknowledgement.SubscriptionId, acknowledgement.SequenceNumber));
        notification.Release();
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void Every_truncation_is_an_error()
    {
        var whole = Encode(Response());
        for (var length = 4; length < whole.Length - 8; length++)
        {
            var pool = new MessagePool();
            var notification = new NotificationPool().Rent();
            using var message = Message(pool, whole[..length]);
            Assert.True(notification.OpenPublish(message, EncodingLimits.Default, new AcknowledgementQueue()).IsBad, $"{length} of {whole.Length}");
        }
    }

    [Fact]
    public void Events_and_status_changes_are_told_apart()
    {
        var response = Response();
        response.NotificationMessage.NotificationData =
        [
            new ExtensionObject(new EventNotificationList { Events = [new EventFieldList { ClientHandle = 3, EventFields = [Variant.From("alarm")] }] }),
            new ExtensionObject(new StatusChangeNotification { Status = StatusCodes.BadTimeout }),
        ];
        var notification = new NotificationPool().Rent();
        Assert.Equal(StatusCode.Good, notification.OpenPublish(Message(new MessagePool(), Encode(response)), EncodingLimits.Default, new AcknowledgementQueue()));
        Assert.Equal(0, notification.DataChangeCount);
        Assert.Equal(StatusCodes.BadTimeout, notification.StatusChange!.Value.Value);
        Assert.Equal("alarm", Assert.Single(notification.ReadEvents()).EventFields[0].AsString());
    }

    [Fact]
    public void Acknowledgements_of_a_failed_publish_go_first_again()
    {
        var queue = new AcknowledgementQueue();
        queue.Add(1, 1);
        queue.Add(1, 2);
        var taken = queue.Take();
        queue.Add(1, 3);
        queue.PutBack(taken);
        Assert.Equal([1, 2, 3], queue.Take().Select(a => a.SequenceNumber));
        queue.Add(1, 4);
        queue.Add(2, 5);
        queue.Forget(1);
        Assert.Equal([5], queue.Take().Select(a => a.SequenceNumber));
    }

    private static PublishResponse Response() => new()
    {
        SubscriptionId = 42,
        AvailableSequenceNumbers = [6, 7],
        NotificationMessage = new NotificationMessage
        {
            SequenceNumber = 7,
            NotificationData = [new ExtensionObject(new DataChangeNotification { MonitoredItems = [new MonitoredItemNotification { Value = new DataValue(Variant.From(1)) }] })],
        },
    };

    private static byte[] Encode(IUaStructure message)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        MessageCodec.Encode(buffer, message);
        return buffer.WrittenSpan.ToArray();
    }

    private static ReceivedMessage Message(MessagePool pool, byte[] encoded)
    {
        var buffer = pool.Rent(encoded.Length);
        encoded.CopyTo(buffer.Array, 0);
        buffer.Length = encoded.Length;
        buffer.TypeIdLength = 4;
        buffer.TypeId = PublishResponse.BinaryId;
        return new ReceivedMessage(buffer);
    }
}
