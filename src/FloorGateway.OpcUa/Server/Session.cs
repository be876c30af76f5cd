using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server.Services;
using FloorGateway.OpcUa.Server.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server;

/// <summary>A session (OPC 10000-4, 5.7).</summary>
internal sealed class Session
{
    public required NodeId Id { get; init; }

    /// <summary>The secret every request carries.</summary>
    public required NodeId AuthenticationToken { get; init; }

    public required string Name { get; init; }

    public required ApplicationDescription Client { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>The own certificate the session was made with: what the client signs, whatever was renewed since.</summary>
    public required ApplicationCertificate ServerCertificate { get; init; }

    /// <summary>The certificate of CreateSession; a later channel must have the same.</summary>
    public byte[]? ClientCertificate { get; init; }

    public required IServerChannel Channel { get; set; }

    /// <summary>The last nonce given to the client: what it signs next.</summary>
    public required byte[] ServerNonce { get; set; }

    /// <summary>The largest response body the client takes.</summary>
    public int MaxResponseBytes { get; init; } = int.MaxValue;

    public bool IsActivated { get; set; }

    public bool IsClosed { get; set; }

    public UserIdentity User { get; set; } = new(null, false, false);

    /// <summary>Ticks of the scheduler's clock.</summary>
    public long LastContact { get; set; }

    public ContinuationPoints<BrowsePoint> BrowsePoints { get; init; } = new(0);

    public ContinuationPoints<HistoryPoint> HistoryPoints { get; init; } = new(0);

    /// <summary>Publish requests that wait, oldest first; guarded by the subscription manager's lock.</summary>
    public LinkedList<PendingPublish> PublishRequests { get; } = [];

    /// <summary>Guarded by the subscription manager's lock.</summary>
    public List<Subscription> Subscriptions { get; } = [];

    /// <summary>Ends of subscriptions the client has not been told of; guarded by the subscription manager's lock.</summary>
    public Queue<(uint SubscriptionId, uint SequenceNumber, StatusCode Status)> StatusChanges { get; } = [];

    public Diagnostics.SessionCounters Counters { get; } = new();

    public UserRights Rights => new(User.MayWrite, User.MayCall) { Roles = User.Roles, Mode = Channel.Mode };

    public CallContext ContextFor(Node target) => new()
    {
        SessionId = Id,
        UserName = User.Name,
        SessionName = Name,
        ClientApplicationUri = Client.ApplicationUri,
        Target = target,
    };

    /// <summary>
    /// Same user of the same application: may take over each other's subscriptions (5.14.7.1). Without a certificate the application URI
    /// is a mere claim, so sessions with and without security are never the same owner.
    /// </summary>
    public SubscriptionOwner Owner => new(User.Name, Client.ApplicationUri, ClientCertificate is not null);
}

/// <summary>Who made a subscription.</summary>
internal readonly record struct SubscriptionOwner(string? User, string? ApplicationUri, bool IsCertified);
