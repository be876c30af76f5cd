using System.Buffers;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace Interop.Tests.OpcUa.Matrix;

/// <summary>A subscription with one item, service by service, so that a test says what is acknowledged and when.</summary>
internal sealed class HandMadeSubscription(UaClient client, uint id)
{
    private readonly List<uint> values = [];
    private readonly List<Variant[]> events = [];

    public uint Id { get; } = id;

    public IReadOnlyList<uint> Values => values;

    /// <summary>The fields of each event.</summary>
    public IReadOnlyList<Variant[]> Events => events;

    public static Task<HandMadeSubscription> CreateAsync(UaClient client, NodeId node) => CreateAsync(client, new ReadValueId { NodeId = node, AttributeId = AttributeIds.Value }, null);

    public static async Task<HandMadeSubscription> CreateAsync(UaClient client, ReadValueId watched, IUaStructure? filter)
    {
        var created = await client.CreateSubscriptionAsync(new CreateSubscriptionRequest
        {
            RequestedPublishingInterval = 20,
            RequestedLifetimeCount = 6000,
            RequestedMaxKeepAliveCount = 50,
            PublishingEnabled = true,
        });
        var items = await client.CreateMonitoredItemsAsync(
            created.SubscriptionId,
            [
                new MonitoredItemCreateRequest
                {
                    ItemToMonitor = watched,
                    MonitoringMode = MonitoringMode.Reporting,
                    RequestedParameters = new MonitoringParameters { ClientHandle = 7, SamplingInterval = 0, QueueSize = 1000, DiscardOldest = true, Filter = filter is null ? null : new ExtensionObject(filter) },
                },
            ]);
        Assert.Equal("Good", items[0].StatusCode.ToString());
        return new HandMadeSubscription(client, created.SubscriptionId);
    }

    /// <summary>The same subscription on another session.</summary>
    public HandMadeSubscription On(UaClient other) => new(other, Id);

    public async Task<PublishResponse> PublishAsync(params uint[] acknowledged)
    {
        var response = await client.InvokeAsync<PublishResponse>(new PublishRequest
        {
            SubscriptionAcknowledgements = [.. acknowledged.Select(sequence => new SubscriptionAcknowledgement { SubscriptionId = Id, SequenceNumber = sequence })],
        });
        Assert.Equal(Id, response.SubscriptionId);
        values.AddRange(ValuesOf(response.NotificationMessage));
        events.AddRange(response.NotificationMessage.NotificationData.SelectMany(part => part!.As<EventNotificationList>()?.Events ?? []).Select(e => e.EventFields));
        return response;
    }

    /// <summary>Publishes, and acknowledges with the request after it, until a value has come.</summary>
    /// <returns>The sequence numbers of the messages that held values.</returns>
    public async Task<List<uint>> UntilAsync(uint last)
    {
        List<uint> sequences = [];
        while (values.Count == 0 || values[^1] != last)
        {
            var message = (await PublishAsync(sequences is [.., var previous] ? [previous] : [])).NotificationMessage;
            if (message.NotificationData.Length > 0)
                sequences.Add(message.SequenceNumber);
        }

        return sequences;
    }

    public async Task<NotificationMessage> RepublishAsync(uint sequence) =>
        (await client.InvokeAsync<RepublishResponse>(new RepublishRequest { SubscriptionId = Id, RetransmitSequenceNumber = sequence })).NotificationMessage;

    public async Task<string> DeleteAsync() => (await client.DeleteSubscriptionsAsync([Id]))[0].ToString();

    public static IEnumerable<uint> ValuesOf(NotificationMessage message) =>
        message.NotificationData.SelectMany(part => part!.As<DataChangeNotification>()?.MonitoredItems ?? []).Select(item => item.Value.Value.AsUInt32());

    /// <summary>The message's content, byte for byte; without the publish time, which node-opcua leaves out the first time.</summary>
    public static string Content(NotificationMessage message)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new UaWriter(bytes);
        writer.WriteUInt32(message.SequenceNumber);
        foreach (var part in message.NotificationData)
            writer.WriteExtensionObject(part);
        writer.Flush();
        return Convert.ToHexString(bytes.WrittenSpan);
    }
}
