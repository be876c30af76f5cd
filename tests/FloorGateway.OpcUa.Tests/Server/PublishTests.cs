using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class PublishTests
{
    private readonly ServerHarness server = new ServerHarness().WithSession();
    private readonly VariableNode speed;

    public PublishTests() => speed = server.Space.Objects.AddVariable("Speed", BuiltInType.Double, range: (0, 200), value: Variant.From(1.0));

    [Fact]
    public void The_first_notification_holds_the_present_value()
    {
        var subscription = server.Subscribe();
        server.Monitor(subscription.SubscriptionId, speed.Id, handle: 7);
        var request = server.Publish();
        server.Run(100);
        Assert.Equal(request, server.Channel.Posted.Peek().RequestId);
        var response = server.Channel.Next();
        var item = Assert.Single(FakeChannel.Items(response));
        Assert.Equal(7u, item.ClientHandle);
        Assert.Equal(1.0, item.Value.Value.AsDouble());
        Assert.Equal(speed.GetValue().SourceTicks, item.Value.SourceTicks);
        Assert.Equal(1u, response.NotificationMessage.SequenceNumber);
        Assert.Equal([1u], response.AvailableSequenceNumbers);
        Assert.False(response.MoreNotifications);
    }

    [Fact]
    public void A_change_is_reported_once()
    {
        Start(queue: 10);
        speed.SetValue(2.0);
        speed.SetValue(2.0);
        server.Publish();
        server.Run(100);
        Assert.Equal(2.0, Assert.Single(server.Channel.NextItems()).Value.Value.AsDouble());
        server.Publish();
        server.Run(900);
        Assert.Empty(server.Channel.Posted);
    }

    [Fact]
    public void Keep_alives_announce_the_next_sequence_number()
    {
        Start();
        server.Publish();
        server.Run(1000);
        var keepAlive = server.Channel.Next();
        Assert.Empty(keepAlive.NotificationMessage.NotificationData);
        Assert.Equal(2u, keepAlive.NotificationMessage.SequenceNumber);
        speed.SetValue(3.0);
        server.Publish();
        server.Run(100);
        Assert.Equal(2u, server.Channel.Next().NotificationMessage.SequenceNumber);
    }

    [Fact]
    public void A_queue_keeps_every_value_in_order_and_marks_what_was_lost()
    {
        Start(queue: 3);
        for (var i = 2; i <= 6; i++)
            speed.SetValue((double)i);
        server.Publish();
        server.Run(100);
        var items = server.Channel.NextItems();
        Assert.Equal([4.0, 5.0, 6.0], items.Select(i => i.Value.Value.AsDouble()));
        Assert.Equal([true, false, false], items.Select(i => i.Value.Status.IsOverflow));
    }

    [Fact]
    public void Discarding_the_newest_keeps_the_first_values_and_replaces_the_last()
    {
        Start(queue: 3, discardOldest: false);
        for (var i = 2; i <= 6; i++)
            speed.SetValue((double)i);
        server.Publish();
        server.Run(100);
        var items = server.Channel.NextItems();
        Assert.Equal([2.0, 3.0, 6.0], items.Select(i => i.Value.Value.AsDouble()));
        Assert.Equal([false, false, true], items.Select(i => i.Value.Status.IsOverflow));
    }

    [Fact]
    public void A_queue_of_one_holds_the_latest_without_a_mark()
    {
        Start();
        speed.SetValue(2.0);
        speed.SetValue(3.0);
        server.Publish();
        server.Run(100);
        var item = Assert.Single(server.Channel.NextItems());
        Assert.Equal(3.0, item.Value.Value.AsDouble());
        Assert.False(item.Value.Status.IsOverflow);
    }

    [Fact]
    public void A_full_message_says_there_is_more_and_the_next_request_gets_it_at_once()
    {
        var subscription = server.Subscribe(maxNotifications: 2);
        server.Monitor(subscription.SubscriptionId, speed.Id, queue: 10);
        for (var i = 2; i <= 5; i++)
            speed.SetValue((double)i);
        server.Publish();
        server.Run(100);
        var first = server.Channel.Next();
        Assert.True(first.MoreNotifications);
        Assert.Equal([1.0, 2.0], FakeChannel.Items(first).Select(i => i.Value.Value.AsDouble()));
        server.Publish();
        Assert.Equal([3.0, 4.0], server.Channel.NextItems().Select(i => i.Value.Value.AsDouble()));
        server.Publish();
        var last = server.Channel.Next();
        Assert.False(last.MoreNotifications);
        Assert.Equal([5.0], FakeChannel.Items(last).Select(i => i.Value.Value.AsDouble()));
        Assert.Equal([1u, 2u, 3u], last.AvailableSequenceNumbers);
    }

    [Fact]
    public void Waiting_requests_are_used_up_while_there_is_more()
    {
        var subscription = server.Subscribe(maxNotifications: 2);
        server.Monitor(subscription.SubscriptionId, speed.Id, queue: 10);
        for (var i = 2; i <= 4; i++)
            speed.SetValue((double)i);
        server.Publish();
        server.Publish();
        server.Publish();
        server.Run(100);
        Assert.Equal(2, server.Channel.Posted.Count);
    }

    [Fact]
    public void Unacknowledged_messages_can_be_had_again_and_acknowledged_ones_not()
    {
        var id = Start();
        speed.SetValue(2.0);
        server.Publish();
        server.Run(100);
        var sent = server.Channel.Next();
        Assert.Equal([1u, 2u], sent.AvailableSequenceNumbers);
        Assert.Equal(2.0, Republished(id, 2).Value.Value.AsDouble());
        server.Publish(new SubscriptionAcknowledgement { SubscriptionId = id, SequenceNumber = 2 }, new SubscriptionAcknowledgement { SubscriptionId = id, SequenceNumber = 9 });
        speed.SetValue(3.0);
        server.Run(100);
        var next = server.Channel.Next();
        Assert.Equal([StatusCodes.Good, StatusCodes.BadSequenceNumberUnknown], next.Results.Select(r => r.Value));
        Assert.Equal([1u, 3u], next.AvailableSequenceNumbers);
        Assert.Equal((StatusCode)StatusCodes.BadMessageNotAvailable, server.Fault(new RepublishRequest { SubscriptionId = id, RetransmitSequenceNumber = 2 }));
        Assert.Equal(1.0, Republished(id, 1).Value.Value.AsDouble());
    }

    [Fact]
    public void Publishing_without_a_subscription_is_refused()
    {
        var request = server.Publish();
        var (id, fault) = server.Channel.Posted.Dequeue();
        Assert.Equal(request, id);
        Assert.Equal((StatusCode)StatusCodes.BadNoSubscription, fault.ResponseHeader.ServiceResult);
    }

    [Fact]
    public void The_oldest_request_gives_way_when_there_are_too_many()
    {
        Start();
        var first = server.Publish();
        for (var i = 0; i < server.Options.Limits.MaxPublishRequestsPerSession; i++)
            server.Publish();
        var (id, fault) = Assert.Single(server.Channel.Posted);
        Assert.Equal(first, id);
        Assert.Equal((StatusCode)StatusCodes.BadTooManyPublishRequests, fault.ResponseHeader.ServiceResult);
    }

    [Fact]
    public void A_subscription_nobody_asks_for_expires_and_says_so()
    {
        var subscription = server.Subscribe(keepAlive: 2, lifetime: 6);
        server.Run(700);
        Assert.Equal(0, server.Dispatcher.Subscriptions.Count);
        server.Publish();
        var message = server.Channel.Next();
        Assert.Equal(subscription.SubscriptionId, message.SubscriptionId);
        Assert.Equal((StatusCode)StatusCodes.BadTimeout, message.NotificationMessage.NotificationData[0]!.As<StatusChangeNotification>()!.Status);
    }

    [Fact]
    public void Deleting_the_last_subscription_answers_the_waiting_requests()
    {
        var id = Start();
        server.Publish();
        Assert.Equal(StatusCodes.Good, server.Call<DeleteSubscriptionsResponse>(new DeleteSubscriptionsRequest { SubscriptionIds = [id] }).Results[0].Value);
        Assert.Equal((StatusCode)StatusCodes.BadNoSubscription, server.Channel.Posted.Dequeue().Response.ResponseHeader.ServiceResult);
        Assert.False(speed.HasSubscribers);
    }

    [Fact]
    public void A_request_that_waited_longer_than_its_hint_is_answered_with_a_timeout()
    {
        Start();
        var request = new PublishRequest();
        server.Send(server.Channel, request, server.Token);
        request = new PublishRequest { RequestHeader = new RequestHeader { AuthenticationToken = server.Token, TimeoutHint = 500 } };
        Assert.Null(server.Dispatcher.Handle(server.Channel, 1000, request, false, out _));
        server.Run(600);
        Assert.Equal((1000u, (StatusCode)StatusCodes.BadTimeout), server.Channel.Posted.Select(p => (p.RequestId, p.Response.ResponseHeader.ServiceResult)).Single());
    }

    [Fact]
    public void Disabled_publishing_holds_the_notifications_back()
    {
        var id = Start(queue: 5);
        server.Call<SetPublishingModeResponse>(new SetPublishingModeRequest { SubscriptionIds = [id], PublishingEnabled = false });
        speed.SetValue(2.0);
        server.Publish();
        server.Run(300);
        Assert.Empty(server.Channel.Posted);
        server.Call<SetPublishingModeResponse>(new SetPublishingModeRequest { SubscriptionIds = [id], PublishingEnabled = true });
        server.Run(100);
        Assert.Equal(2.0, Assert.Single(server.Channel.NextItems()).Value.Value.AsDouble());
    }

    [Fact]
    public void Queueing_values_does_not_allocate()
    {
        var subscription = server.Subscribe();
        var nodes = Enumerable.Range(0, 1000).Select(i => server.Space.Objects.AddVariable($"v{i}", BuiltInType.Double, value: Variant.From(0.0))).ToArray();
        foreach (var node in nodes)
            server.Monitor(subscription.SubscriptionId, node.Id, queue: 10);
        server.Publish();
        server.Run(100);
        Assert.Equal(1000, server.Channel.NextItems().Length);
        var ticks = server.Clock.GetUtcNow().UtcTicks;
        Fill(nodes, ticks, 1);
        server.Publish();
        server.Run(100);
        Assert.Equal(10_000, server.Channel.NextItems().Length);
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Fill(nodes, ticks, 100 * (attempt + 1));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static void Fill(VariableNode[] nodes, long ticks, double from)
    {
        foreach (var node in nodes)
        {
            for (var i = 0; i < 10; i++)
                node.SetValue(Variant.From(from + i), default, ticks, ticks);
        }
    }

    private uint Start(uint queue = 1, bool discardOldest = true)
    {
        var subscription = server.Subscribe();
        Assert.True(server.Monitor(subscription.SubscriptionId, speed.Id, queue: queue, discardOldest: discardOldest).StatusCode.IsGood);
        server.Publish();
        server.Run(100);
        Assert.Single(server.Channel.NextItems());
        return subscription.SubscriptionId;
    }

    private MonitoredItemNotification Republished(uint subscription, uint number)
    {
        var request = new RepublishRequest { SubscriptionId = subscription, RetransmitSequenceNumber = number, RequestHeader = new RequestHeader { AuthenticationToken = server.Token } };
        server.Dispatcher.Handle(server.Channel, 1, request, false, out var encoded);
        Assert.True(MessageCodec.TryDecode(encoded!.Written, EncodingLimits.Default, out var decoded).IsGood);
        var message = Assert.IsType<RepublishResponse>(decoded).NotificationMessage;
        Assert.Equal(number, message.SequenceNumber);
        return message.NotificationData[0]!.As<DataChangeNotification>()!.MonitoredItems.Single();
    }
}
