using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>A PublishResponse on its way to the handler: opened, walked, its events read, given back.</summary>
internal sealed class NotificationTarget : IFuzzTarget
{
    private readonly MessagePool messages = new();
    private readonly NotificationPool notifications = new();

    public string Name => "notification";

    public int Weight => 15;

    public IReadOnlyList<byte[]> Seeds { get; } = [.. Enumerable.Range(0, 40).Select(i => MakeOne(new FuzzRandom((ulong)i)))];

    public byte[] Make(FuzzRandom random) => MakeOne(random);

    public long MaxAllocation(int length) => 300_000 + (3000L * length);

    public Verdict Run(byte[] input)
    {
        var reader = new UaReader(input);
        if (!MessageCodec.TryReadTypeId(ref reader, out var typeId))
            return default;
        var buffer = messages.Rent(input.Length);
        input.CopyTo(buffer.Array, 0);
        (buffer.Length, buffer.TypeId, buffer.TypeIdLength) = (input.Length, typeId, reader.Position);
        var message = new ReceivedMessage(buffer);
        var acknowledgements = new AcknowledgementQueue();
        var notification = notifications.Rent();
        var status = notification.OpenPublish(message, EncodingLimits.Default, acknowledgements);
        var path = MessageTarget.HashCode(1, status);
        if (status.IsBad)
        {
            message.Dispose();
        }
        else
        {
            var changes = notification.DataChanges;
            var count = 0;
            while (changes.MoveNext())
            {
                changes.GetVariant();
                count++;
            }

            DefectException.ThrowIf(!changes.Failed && count != notification.DataChangeCount, $"{notification.DataChangeCount} changes were announced and {count} came");
            path = HashCode.Combine(path, count, notification.ReadEvents().Count, notification.StatusChange.HasValue, notification.IsKeepAlive);
            notification.Acknowledge();
            notification.Acknowledge();
            DefectException.ThrowIf(acknowledgements.Count != 1, $"Acknowledged {acknowledgements.Count} times");
        }

        notification.Release();
        DefectException.ThrowIf(messages.Outstanding != 0, "The message's buffer was not given back");
        return new Verdict(status.IsGood, path);
    }

    private static byte[] MakeOne(FuzzRandom random) => Wire.Message(new PublishResponse
    {
        ResponseHeader = (ResponseHeader)StructureMaker.Make(random, typeof(ResponseHeader)),
        SubscriptionId = 42,
        AvailableSequenceNumbers = [.. Enumerable.Range(0, random.Below(4)).Select(i => (uint)i)],
        MoreNotifications = random.OneIn(2),
        NotificationMessage = new NotificationMessage
        {
            SequenceNumber = (uint)ValueMaker.Integer(random),
            PublishTime = ValueMaker.Time(random),
            NotificationData = [.. Enumerable.Range(0, random.Below(4)).Select(_ => new ExtensionObject(DataChangeTarget.MakePart(random)))],
        },
        Results = [.. Enumerable.Range(0, random.Below(4)).Select(_ => ValueMaker.Status(random))],
    });
}
