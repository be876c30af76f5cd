using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class DiagnosticsTests
{
    private readonly ServerHarness server = new ServerHarness(o => o with { DiagnosticsEnabled = true }).WithSession();

    public DiagnosticsTests() => Become(UserRoles.ConfigureAdmin);

    [Fact]
    public void Only_administrators_read_diagnostics_and_only_while_they_are_on()
    {
        Become(UserRoles.Operator);
        Assert.Equal(StatusCodes.BadUserAccessDenied, Read(VariableIds.Server_ServerDiagnostics_ServerDiagnosticsSummary).Status.Value);
        Assert.True(Read(VariableIds.Server_ServerDiagnostics_EnabledFlag).Value.AsBoolean());
        Assert.Equal(StatusCodes.BadUserAccessDenied, SwitchOn(false).Value);
        Become(UserRoles.SecurityAdmin);
        Assert.Equal(StatusCodes.Good, Read(VariableIds.Server_ServerDiagnostics_ServerDiagnosticsSummary).Status.Value);
        Assert.Equal(StatusCodes.Good, SwitchOn(false).Value);
        Assert.Equal(StatusCodes.BadNotReadable, Read(VariableIds.Server_ServerDiagnostics_ServerDiagnosticsSummary).Status.Value);
        Assert.False(Read(VariableIds.Server_ServerDiagnostics_EnabledFlag).Value.AsBoolean());
        Assert.Equal(StatusCodes.Good, SwitchOn(true).Value);
        Assert.Equal(StatusCodes.Good, Read(VariableIds.Server_ServerDiagnostics_SessionsDiagnosticsSummary_SessionDiagnosticsArray).Status.Value);
    }

    [Fact]
    public void The_summary_counts_sessions_subscriptions_and_refusals()
    {
        server.OpenSession(new FakeChannel());
        server.Subscribe(100);
        server.Subscribe(250);
        server.Fault(new ReadRequest());
        server.Send(server.Channel, new ReadRequest(), new NodeId(0, [1, 2, 3]));
        var summary = Read(VariableIds.Server_ServerDiagnostics_ServerDiagnosticsSummary).Value.AsStructure<ServerDiagnosticsSummaryDataType>()!;
        Assert.Equal((2u, 2u, 2u, 2u, 2u), (summary.CurrentSessionCount, summary.CumulatedSessionCount, summary.CurrentSubscriptionCount, summary.CumulatedSubscriptionCount, summary.PublishingIntervalCount));
        Assert.Equal((2u, 1u), (summary.RejectedRequestsCount, summary.SecurityRejectedRequestsCount));
        Assert.Equal(2u, Read(VariableIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_CurrentSessionCount).Value.AsUInt32());

        server.Run(70_000, 1000);
        Assert.Equal(2u, server.Dispatcher.Sessions.TimedOutCount);
    }

    [Fact]
    public void Each_session_has_its_counts()
    {
        var subscription = server.Subscribe();
        server.Monitor(subscription.SubscriptionId, VariableIds.Server_ServiceLevel);
        server.Publish();
        server.Fault(new WriteRequest());
        var all = Read(VariableIds.Server_ServerDiagnostics_SessionsDiagnosticsSummary_SessionDiagnosticsArray).Value.AsArray<ExtensionObject>()!;
        var session = Assert.Single(all).As<SessionDiagnosticsDataType>()!;
        Assert.Equal((1u, 1u, 1u), (session.CurrentSubscriptionsCount, session.CurrentMonitoredItemsCount, session.CurrentPublishRequestsInQueue));
        Assert.Equal((1u, 1u), (session.WriteCount.TotalCount, session.WriteCount.ErrorCount));
        Assert.Equal((1u, 0u, 1u), (session.PublishCount.TotalCount, session.PublishCount.ErrorCount, session.CreateMonitoredItemsCount.TotalCount));
        Assert.Equal(("test", "urn:example.com:client", 60_000.0), (session.SessionName, session.ClientDescription.ApplicationUri, session.ActualSessionTimeout));
        Assert.Equal(server.Clock.GetUtcNow().UtcDateTime, session.ClientLastContactTime);
        var security = Assert.Single(Read(VariableIds.Server_ServerDiagnostics_SessionsDiagnosticsSummary_SessionSecurityDiagnosticsArray).Value.AsArray<ExtensionObject>()!).As<SessionSecurityDiagnosticsDataType>()!;
        Assert.Equal(("someone", MessageSecurityMode.None), (security.ClientUserIdOfSession, security.SecurityMode));
    }

    [Fact]
    public void Each_subscription_has_its_counts()
    {
        var node = server.Space.Objects.AddVariable("v", BuiltInType.Int32, value: Variant.From(1));
        var id = server.Subscribe(100).SubscriptionId;
        server.Monitor(id, node.Id, queue: 2);
        server.Publish();
        server.Run(200);
        node.SetValue(2);
        node.SetValue(3);
        node.SetValue(4);
        server.Publish();
        server.Run(200);
        server.Call<SetPublishingModeResponse>(new SetPublishingModeRequest { SubscriptionIds = [id], PublishingEnabled = false });
        server.Call<ModifySubscriptionResponse>(new ModifySubscriptionRequest { SubscriptionId = id, RequestedPublishingInterval = 50 });
        var all = Read(VariableIds.Server_ServerDiagnostics_SubscriptionDiagnosticsArray).Value.AsArray<ExtensionObject>()!;
        var counts = Assert.Single(all).As<SubscriptionDiagnosticsDataType>()!;
        Assert.Equal((id, 2u, 3u, 3u), (counts.SubscriptionId, counts.PublishRequestCount, counts.DataChangeNotificationsCount, counts.NotificationsCount));
        Assert.Equal((1u, 1u, 1u, 2u, 3u), (counts.DisableCount, counts.ModifyCount, counts.MonitoredItemCount, counts.UnacknowledgedMessageCount, counts.NextSequenceNumber));
        Assert.Equal((50.0, false, 1u), (counts.PublishingInterval, counts.PublishingEnabled, counts.MonitoringQueueOverflowCount));
    }

    private DataValue Read(NodeId id) =>
        server.Call<ReadResponse>(new ReadRequest { NodesToRead = [new ReadValueId { NodeId = id, AttributeId = AttributeIds.Value }], TimestampsToReturn = TimestampsToReturn.Neither }).Results[0];

    private StatusCode SwitchOn(bool on) => server.Call<WriteResponse>(new WriteRequest
    {
        NodesToWrite = [new WriteValue { NodeId = VariableIds.Server_ServerDiagnostics_EnabledFlag, AttributeId = AttributeIds.Value, Value = new DataValue(Variant.From(on)) }],
    }).Results[0];

    private void Become(UserRoles roles) => server.Dispatcher.Sessions.Peek(server.Token)!.User = new UserIdentity("someone", false, false) { Roles = roles };
}
