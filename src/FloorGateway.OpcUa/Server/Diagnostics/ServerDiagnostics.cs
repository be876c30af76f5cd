using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Server.Diagnostics;

/// <summary>
/// The ServerDiagnostics object (OPC 10000-5, 6.3.3): counted always, computed when read, shown to administrators while EnabledFlag is true.
/// </summary>
internal sealed class ServerDiagnostics
{
    private static readonly NodeAccess AdministratorsOnly = NodeAccess.For(
        (UserRoles.Anonymous, PermissionType.Browse),
        (UserRoles.ConfigureAdmin | UserRoles.SecurityAdmin, PermissionType.Browse | PermissionType.Read));

    private static readonly NodeAccess WrittenByAdministrators = NodeAccess.For(
        (UserRoles.Anonymous, PermissionType.Browse | PermissionType.Read | PermissionType.ReadRolePermissions),
        (UserRoles.ConfigureAdmin | UserRoles.SecurityAdmin, PermissionType.Browse | PermissionType.Read | PermissionType.Write));

    private readonly ServiceDispatcher dispatcher;
    private readonly Space space;
    private readonly string serverUri;
    private readonly List<VariableNode> variables = [];
    private uint sessions;
    private uint rejectedSessions;
    private uint securityRejectedSessions;
    private uint subscriptions;
    private uint rejectedRequests;
    private uint securityRejectedRequests;
    private volatile bool enabled;

    public ServerDiagnostics(Space space, ServiceDispatcher dispatcher, string serverUri)
    {
        this.space = space;
        this.dispatcher = dispatcher;
        this.serverUri = serverUri;
    }

    /// <summary>True while the diagnostics can be read.</summary>
    public bool Enabled
    {
        get => enabled;
        set
        {
            enabled = value;
            foreach (var variable in variables)
                variable.Access = value ? AdministratorsOnly : null;
            space.Get<VariableNode>(VariableIds.Server_ServerDiagnostics_EnabledFlag).SetValue(value);
        }
    }

    public static bool IsSecurityStatus(StatusCode status) => status.CodeBits is
        StatusCodes.BadUserAccessDenied or StatusCodes.BadIdentityTokenInvalid or StatusCodes.BadIdentityTokenRejected or StatusCodes.BadSessionIdInvalid or StatusCodes.BadSessionNotActivated
        or StatusCodes.BadSecureChannelIdInvalid or StatusCodes.BadSecurityChecksFailed or StatusCodes.BadCertificateInvalid or StatusCodes.BadCertificateUriInvalid
        or StatusCodes.BadApplicationSignatureInvalid or StatusCodes.BadNonceInvalid or StatusCodes.BadSecurityModeInsufficient or StatusCodes.BadIdentityChangeNotSupported;

    public void Attach(bool startEnabled)
    {
        Summary(VariableIds.Server_ServerDiagnostics_ServerDiagnosticsSummary, s => Variant.From(s));
        (string Name, Func<ServerDiagnosticsSummaryDataType, uint> Of)[] counts =
        [
            ("ServerViewCount", s => s.ServerViewCount), ("CurrentSessionCount", s => s.CurrentSessionCount), ("CumulatedSessionCount", s => s.CumulatedSessionCount),
            ("SecurityRejectedSessionCount", s => s.SecurityRejectedSessionCount), ("RejectedSessionCount", s => s.RejectedSessionCount), ("SessionTimeoutCount", s => s.SessionTimeoutCount),
            ("SessionAbortCount", s => s.SessionAbortCount), ("PublishingIntervalCount", s => s.PublishingIntervalCount), ("CurrentSubscriptionCount", s => s.CurrentSubscriptionCount),
            ("CumulatedSubscriptionCount", s => s.CumulatedSubscriptionCount), ("SecurityRejectedRequestsCount", s => s.SecurityRejectedRequestsCount),
            ("RejectedRequestsCount", s => s.RejectedRequestsCount),
        ];
        var summary = space.Get<VariableNode>(VariableIds.Server_ServerDiagnostics_ServerDiagnosticsSummary);
        foreach (var (name, of) in counts)
            Summary(((VariableNode)summary.FindChild(new QualifiedName(0, name))!).Id, s => Variant.From(of(s)));
        Live(VariableIds.Server_ServerDiagnostics_SubscriptionDiagnosticsArray, () => Variant.FromStructures(dispatcher.Subscriptions.Describe()));
        Live(VariableIds.Server_ServerDiagnostics_SessionsDiagnosticsSummary_SessionDiagnosticsArray, () => Variant.FromStructures(
            [.. dispatcher.Sessions.Activated().Select(s => s.Counters.Describe(s, serverUri, dispatcher.Subscriptions.CountsOf(s)))]));
        Live(VariableIds.Server_ServerDiagnostics_SessionsDiagnosticsSummary_SessionSecurityDiagnosticsArray, () => Variant.FromStructures(
            [.. dispatcher.Sessions.Activated().Select(Security)]));
        var flag = space.Get<VariableNode>(VariableIds.Server_ServerDiagnostics_EnabledFlag);
        flag.Access = WrittenByAdministrators;
        flag.OnWrite = (_, value) =>
        {
            Enabled = value.Value.AsBoolean();
            return StatusCodes.Good;
        };
        Enabled = startEnabled;
    }

    /// <summary>Counts what was asked and answered; <paramref name="session"/> is null outside of one.</summary>
    public void Count(Session? session, IUaRequest request, IUaResponse? response, DateTime now)
    {
        session?.Counters.Count(request, response, now);
        if (response is null)
            return;
        var status = response.ResponseHeader.ServiceResult;
        switch (request)
        {
            case CreateSessionRequest create when response is CreateSessionResponse created && !status.IsBad:
                if (dispatcher.Sessions.Peek(created.AuthenticationToken) is { } made)
                {
                    made.Counters.ConnectedAt = now;
                    made.Counters.EndpointUrl = create.EndpointUrl;
                }

                Interlocked.Increment(ref sessions);
                break;
            case CreateSessionRequest or ActivateSessionRequest when status.IsBad:
                Interlocked.Increment(ref rejectedSessions);
                if (IsSecurityStatus(status))
                    Interlocked.Increment(ref securityRejectedSessions);
                break;
            case CreateSubscriptionRequest when !status.IsBad:
                Interlocked.Increment(ref subscriptions);
                break;
        }

        if (!status.IsBad)
            return;
        Interlocked.Increment(ref rejectedRequests);
        if (IsSecurityStatus(status))
            Interlocked.Increment(ref securityRejectedRequests);
    }

    private ServerDiagnosticsSummaryDataType Sum() => new()
    {
        CurrentSessionCount = (uint)dispatcher.Sessions.Count,
        CumulatedSessionCount = sessions,
        SecurityRejectedSessionCount = securityRejectedSessions,
        RejectedSessionCount = rejectedSessions,
        SessionTimeoutCount = dispatcher.Sessions.TimedOutCount,
        SessionAbortCount = dispatcher.Sessions.AbortedCount,
        CurrentSubscriptionCount = (uint)dispatcher.Subscriptions.Count,
        CumulatedSubscriptionCount = subscriptions,
        PublishingIntervalCount = dispatcher.Subscriptions.PublishingIntervalCount,
        SecurityRejectedRequestsCount = securityRejectedRequests,
        RejectedRequestsCount = rejectedRequests,
    };

    private static SessionSecurityDiagnosticsDataType Security(Session session) => new()
    {
        SessionId = session.Id,
        ClientUserIdOfSession = session.User.Name,
        ClientUserIdHistory = [session.User.Name],
        AuthenticationMechanism = session.User.Name is null ? "Anonymous" : "Named user",
        Encoding = "UA Binary",
        TransportProtocol = "opc.tcp",
        SecurityMode = session.Channel.Mode,
        SecurityPolicyUri = session.Channel.Policy.Uri,
        ClientCertificate = session.ClientCertificate,
    };

    private void Summary(NodeId id, Func<ServerDiagnosticsSummaryDataType, Variant> read) => Live(id, () => read(Sum()));

    private void Live(NodeId id, Func<Variant> read)
    {
        var variable = space.Get<VariableNode>(id);
        variables.Add(variable);
        variable.OnRead = () =>
        {
            var now = space.Clock.GetUtcNow().UtcTicks;
            return enabled ? new DataValue(read(), StatusCodes.Good, now, now) : new DataValue(Variant.Null, StatusCodes.BadNotReadable, now, now);
        };
    }
}
