using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Server.Diagnostics;
using FloorGateway.OpcUa.Server.Services;
using FloorGateway.OpcUa.Server.Subscriptions;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Server;

/// <summary>
/// Takes a request to its service and gives its response back: the server without sockets. A Publish gives none; it is answered
/// through the channel when there is something to say.
/// </summary>
internal sealed class ServiceDispatcher
{
    private readonly Space space;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly AttributeService attributes;
    private readonly MethodService methods;
    private readonly ViewService views;
    private readonly HistoryService history;

    public ServiceDispatcher(Space space, UaServerOptions options, ILogger logger)
    {
        this.space = space;
        this.logger = logger;
        clock = space.Clock;
        Discovery = new DiscoveryService(options);
        Subscriptions = new SubscriptionManager(options.Limits, clock);
        Sessions = new SessionService(options, Discovery, Subscriptions, clock, logger);
        attributes = new AttributeService(space, options.Limits, logger);
        methods = new MethodService(space, options.Limits, logger);
        views = new ViewService(space, options.Limits);
        history = new HistoryService(space, options.Limits);
        Diagnostics = new ServerDiagnostics(space, this, options.ApplicationUri);
    }

    public DiscoveryService Discovery { get; }

    public SessionService Sessions { get; }

    public SubscriptionManager Subscriptions { get; }

    public ServerDiagnostics Diagnostics { get; }

    /// <summary>Serves one request.</summary>
    /// <param name="channel">Where it came from.</param>
    /// <param name="requestId">Its id on the channel, for answers that come later.</param>
    /// <param name="request">The request.</param>
    /// <param name="discoveryOnly">True on channels without security that are there for discovery alone.</param>
    /// <param name="encoded">Set when the response is encoded already; it then goes out in place of the returned one.</param>
    /// <returns>The response, a ServiceFault when the service failed as a whole, or null when the answer comes later.</returns>
    public IUaResponse? Handle(IServerChannel channel, uint requestId, IUaRequest request, bool discoveryOnly, out MessageBody? encoded)
    {
        encoded = null;
        IUaResponse? response;
        Session? session = null;
        try
        {
            response = request switch
            {
                FindServersRequest find => Discovery.FindServers(find),
                GetEndpointsRequest endpoints => Discovery.GetEndpoints(endpoints),
                _ when discoveryOnly => Fault(StatusCodes.BadSecurityPolicyRejected),
                CreateSessionRequest create => Sessions.Create(channel, create),
                ActivateSessionRequest activate => Sessions.Activate(channel, activate),
                CloseSessionRequest close => Sessions.Close(channel, close),
                _ => Sessions.Find(channel, request.RequestHeader.AuthenticationToken, out session) is { IsBad: true } refused
                    ? Fault(refused)
                    : HandleInSession(channel, requestId, session!, request, out encoded),
            };
        }
        catch (Exception error)
        {
            logger.ServiceFailed(request.GetType().Name, error);
            response = Fault(StatusCodes.BadInternalError);
        }

        var now = clock.GetUtcNow().UtcDateTime;
        Diagnostics.Count(session, request, response, now);
        if (response is null)
            return null;
        if (response.ResponseHeader.ServiceResult.IsBad && response is not ServiceFault)
            response = Fault(response.ResponseHeader.ServiceResult);
        response.ResponseHeader.Timestamp = now;
        response.ResponseHeader.RequestHandle = request.RequestHeader.RequestHandle;
        return response;
    }

    private IUaResponse? HandleInSession(IServerChannel channel, uint requestId, Session session, IUaRequest request, out MessageBody? encoded)
    {
        encoded = null;
        switch (request)
        {
            case PublishRequest publish:
                Subscriptions.Publish(session, channel, requestId, publish);
                return null;
            case RepublishRequest republish:
                return Subscriptions.Republish(session, republish, out encoded);
            case CancelRequest cancel:
                return Subscriptions.Cancel(session, cancel);
            case ReadRequest read:
                return attributes.Read(session, read);
            case HistoryReadRequest read:
                return history.Read(session, read);
            case WriteRequest write:
                return attributes.Write(session, write);
            case CallRequest call:
                return methods.Call(session, call);
            case BrowseRequest browse:
                return views.Browse(session, browse);
            case BrowseNextRequest browseNext:
                return views.BrowseNext(session, browseNext);
            case TranslateBrowsePathsToNodeIdsRequest translate:
                return views.Translate(session, translate);
            case RegisterNodesRequest register:
                return views.Register(register);
            case UnregisterNodesRequest unregister:
                return views.Unregister(unregister);
            case CreateSubscriptionRequest create:
                return Subscriptions.Create(session, create);
            case ModifySubscriptionRequest modify:
                return Subscriptions.Modify(session, modify);
            case SetPublishingModeRequest mode:
                return Subscriptions.SetPublishingMode(session, mode);
            case DeleteSubscriptionsRequest delete:
                return Subscriptions.Delete(session, delete);
            case TransferSubscriptionsRequest transfer:
                return Subscriptions.Transfer(session, transfer);
            case CreateMonitoredItemsRequest createItems:
                return Subscriptions.CreateItems(session, space, createItems);
            case ModifyMonitoredItemsRequest modifyItems:
                return Subscriptions.ModifyItems(session, modifyItems);
            case SetMonitoringModeRequest monitoringMode:
                return Subscriptions.SetMonitoringMode(session, monitoringMode);
            case SetTriggeringRequest triggering:
                return Subscriptions.SetTriggering(session, triggering);
            case DeleteMonitoredItemsRequest deleteItems:
                return Subscriptions.DeleteItems(session, deleteItems);
            default:
                return Fault(StatusCodes.BadServiceUnsupported);
        }
    }

    private static ServiceFault Fault(StatusCode status) => new ServiceFault().Fail(status);
}
