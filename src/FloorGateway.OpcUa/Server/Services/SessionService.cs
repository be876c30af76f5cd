using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server.Subscriptions;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Server.Services;

/// <summary>CreateSession, ActivateSession and CloseSession, and the table of sessions (OPC 10000-4, 5.7).</summary>
internal sealed class SessionService(UaServerOptions options, DiscoveryService discovery, SubscriptionManager subscriptions, TimeProvider clock, ILogger logger)
{
    private const int NonceLength = 32;

    // What a client calls itself is kept with its session and written into the log.
    private const int MaxNameLength = 256;
    private const int MaxUriLength = 4096;

    private readonly long started = clock.GetTimestamp();
    private readonly Lock gate = new();
    private readonly Dictionary<NodeId, Session> byToken = [];
    private readonly UserTokenReader tokens = new(options);
    private readonly LoginGuard logins = new(clock, options.Limits.Logins);
    private readonly EventGate refusals = new(clock);
    private uint sessions;

    public int Count
    {
        get
        {
            lock (gate)
                return byToken.Count;
        }
    }

    /// <summary>Sessions that ended because they were silent too long.</summary>
    public uint TimedOutCount { get; private set; }

    /// <summary>Sessions that were ended because of what their client did.</summary>
    public uint AbortedCount { get; private set; }

    public Session[] Activated() => [.. Snapshot().Where(s => s.IsActivated)];

    /// <summary>A session by its token, activated or not, for tests.</summary>
    internal Session? Peek(NodeId token)
    {
        lock (gate)
            return byToken.GetValueOrDefault(token);
    }

    private long Now => clock.GetElapsedTime(started).Ticks;

    public CreateSessionResponse Create(IServerChannel channel, CreateSessionRequest request)
    {
        if (CheckClient(channel, request) is { IsBad: true } refused)
            return Refuse(new CreateSessionResponse(), request.SessionName, request.ClientDescription.ApplicationUri, refused);
        var asked = double.IsNaN(request.RequestedSessionTimeout) ? 0 : request.RequestedSessionTimeout;
        var timeout = TimeSpan.FromMilliseconds(Math.Clamp(asked, options.Limits.MinSessionTimeout.TotalMilliseconds, options.Limits.MaxSessionTimeout.TotalMilliseconds));
        var own = channel.Certificate ?? options.Certificate.Current;
        Session session;
        lock (gate)
        {
            if (byToken.Count >= options.Limits.MaxSessions && !MakeRoom_NeedsLock())
                return Refuse(new CreateSessionResponse(), request.SessionName, request.ClientDescription.ApplicationUri, StatusCodes.BadTooManySessions);
            session = new Session
            {
                Id = new NodeId(1, Guid.NewGuid()),
                AuthenticationToken = new NodeId(0, RandomNumberGenerator.GetBytes(NonceLength)),
                Name = string.IsNullOrEmpty(request.SessionName) ? $"session {++sessions}" : Short(request.SessionName, MaxNameLength),
                Client = new ApplicationDescription { ApplicationUri = Short(request.ClientDescription.ApplicationUri, MaxUriLength) },
                Timeout = timeout,
                ServerCertificate = own,
                ClientCertificate = channel.ClientCertificate,
                Channel = channel,
                ServerNonce = RandomNumberGenerator.GetBytes(NonceLength),
                LastContact = Now,
                MaxResponseBytes = request.MaxResponseMessageSize == 0 ? int.MaxValue : (int)Math.Min(request.MaxResponseMessageSize, int.MaxValue),
                BrowsePoints = new(options.Limits.MaxBrowseContinuationPoints),
                HistoryPoints = new(options.Limits.MaxHistoryContinuationPoints),
            };
            byToken.Add(session.AuthenticationToken, session);
        }

        return new CreateSessionResponse
        {
            SessionId = session.Id,
            AuthenticationToken = session.AuthenticationToken,
            RevisedSessionTimeout = timeout.TotalMilliseconds,
            ServerNonce = session.ServerNonce,
            ServerCertificate = own.Der,
            ServerEndpoints = discovery.Endpoints(request.EndpointUrl, own),
            ServerSignature = Sign(channel.Policy, own, request.ClientCertificate, request.ClientNonce),
            MaxRequestMessageSize = 0,
        };
    }

    public ActivateSessionResponse Activate(IServerChannel channel, ActivateSessionRequest request)
    {
        Session? session;
        lock (gate)
            session = byToken.GetValueOrDefault(request.RequestHeader.AuthenticationToken);
        if (session is null)
            return new ActivateSessionResponse().Fail(StatusCodes.BadSessionIdInvalid);
        if (!ReferenceEquals(session.Channel, channel) && (!session.IsActivated || !SameClient(session, channel)))
            return Refuse(new ActivateSessionResponse(), session.Name, session.Client.ApplicationUri, StatusCodes.BadSecureChannelIdInvalid);
        if (!channel.Policy.IsNone && !VerifyClient(channel, session, request.ClientSignature))
            return Refuse(new ActivateSessionResponse(), session.Name, session.Client.ApplicationUri, StatusCodes.BadApplicationSignatureInvalid);
        var claimed = UserTokenReader.ClaimedBy(request.UserIdentityToken);
        if (claimed is not null && logins.IsLocked(claimed, channel.ClientAddress, out var delay))
        {
            // The same answer in the same time as to a wrong password: it must not tell that a guess was right.
            channel.Delay(delay);
            return Refuse(new ActivateSessionResponse(), session.Name, session.Client.ApplicationUri, StatusCodes.BadIdentityTokenRejected, "this user is locked at this address after too many failed logins");
        }

        var token = tokens.Read(channel.Policy, session.ServerCertificate, session.ServerNonce, request.UserIdentityToken, request.UserTokenSignature);
        if (claimed is not null)
            NoteLogin(channel, claimed, token.Status);
        if (token.User is not { } user)
            return Refuse(new ActivateSessionResponse(), session.Name, session.Client.ApplicationUri, token.Status, token.Reason);

        // 5.7.3.2: another user may take over a session only on the channel it was made for; a client with one user never does.
        if (session.IsActivated && !ReferenceEquals(session.Channel, channel) && session.User.Name != user.Name)
            return Refuse(new ActivateSessionResponse(), session.Name, session.Client.ApplicationUri, StatusCodes.BadIdentityChangeNotSupported);
        if (!ReferenceEquals(session.Channel, channel))
            subscriptions.ChannelClosed(session, session.Channel); // what the old channel asked for can't be answered any more
        channel.LimitResponses(session.MaxResponseBytes);
        session.User = user;
        session.Channel = channel;
        session.IsActivated = true;
        session.ServerNonce = RandomNumberGenerator.GetBytes(NonceLength);
        session.LastContact = Now;
        logger.SessionActivated(session.Name, session.Client.ApplicationUri, user.Name ?? "anonymous", channel.Policy.Name, channel.Mode);
        return new ActivateSessionResponse { ServerNonce = session.ServerNonce };
    }

    public CloseSessionResponse Close(IServerChannel channel, CloseSessionRequest request)
    {
        Session? session;
        lock (gate)
        {
            session = byToken.GetValueOrDefault(request.RequestHeader.AuthenticationToken);
            if (session is null)
                return new CloseSessionResponse().Fail(StatusCodes.BadSessionIdInvalid);
            if (!ReferenceEquals(session.Channel, channel))
                return new CloseSessionResponse().Fail(StatusCodes.BadSecureChannelIdInvalid);
            byToken.Remove(session.AuthenticationToken);
        }

        subscriptions.CloseSession(session, request.DeleteSubscriptions);
        logger.SessionClosed(session.Name, "by the client");
        return new CloseSessionResponse();
    }

    /// <summary>The activated session a request belongs to.</summary>
    public StatusCode Find(IServerChannel channel, NodeId token, out Session? session)
    {
        lock (gate)
            session = byToken.GetValueOrDefault(token);
        if (session is null)
            return StatusCodes.BadSessionIdInvalid;
        if (!ReferenceEquals(session.Channel, channel))
            return StatusCodes.BadSecureChannelIdInvalid;
        if (!session.IsActivated)
        {
            // 5.7.2.1: whoever uses a session before activating it loses it.
            AbortedCount++;
            Drop(session, "used before it was activated");
            return StatusCodes.BadSessionNotActivated;
        }

        session.LastContact = Now;
        return StatusCodes.Good;
    }

    /// <summary>True when a session is activated on the channel.</summary>
    public bool IsActiveOn(IServerChannel channel)
    {
        lock (gate)
        {
            foreach (var session in byToken.Values)
            {
                if (session.IsActivated && ReferenceEquals(session.Channel, channel))
                    return true;
            }

            return false;
        }
    }

    public void ChannelClosed(IServerChannel channel)
    {
        foreach (var session in Snapshot())
        {
            if (ReferenceEquals(session.Channel, channel))
                subscriptions.ChannelClosed(session, channel);
        }
    }

    /// <summary>Closes sessions that were silent too long and answers publish requests that waited too long.</summary>
    public void Expire()
    {
        var now = Now;
        foreach (var session in Snapshot())
        {
            if (now - session.LastContact > session.Timeout.Ticks)
            {
                TimedOutCount++;
                Drop(session, "timed out");
            }
            else
                subscriptions.ExpireRequests(session);
        }
    }

    public void CloseAll()
    {
        foreach (var session in Snapshot())
        {
            lock (gate)
                byToken.Remove(session.AuthenticationToken);
            subscriptions.CloseSession(session, deleteSubscriptions: true);
        }
    }

    // Only what could have been a guess counts: a token that can't be read is a mistake of the client's program.
    private void NoteLogin(IServerChannel channel, string user, StatusCode status)
    {
        if (status.IsGood)
        {
            logins.Succeeded(user, channel.ClientAddress);
        }
        else if (status.CodeBits is StatusCodes.BadIdentityTokenRejected or StatusCodes.BadUserSignatureInvalid)
        {
            if (logins.Failed(user, channel.ClientAddress, out var delay))
                logger.LoginLocked(PeerText.Clean(user), channel.ClientAddress, options.Limits.Logins.LockTime);
            channel.Delay(delay);
        }
    }

    // Its subscriptions stay for a transfer until their own lifetime ends.
    private void Drop(Session session, string reason)
    {
        lock (gate)
        {
            if (!byToken.Remove(session.AuthenticationToken))
                return;
        }

        subscriptions.CloseSession(session, deleteSubscriptions: false);
        logger.SessionClosed(session.Name, reason);
    }

    private Session[] Snapshot()
    {
        lock (gate)
            return [.. byToken.Values];
    }

    // 5.7.2.1: sessions that were never activated are the first to go when there are too many.
    private bool MakeRoom_NeedsLock()
    {
        var oldest = byToken.Values.Where(s => !s.IsActivated).MinBy(s => s.LastContact);
        return oldest is not null && byToken.Remove(oldest.AuthenticationToken);
    }

    private static StatusCode CheckClient(IServerChannel channel, CreateSessionRequest request)
    {
        if (channel.Policy.IsNone)
            return StatusCodes.Good;
        if (request.ClientNonce is not { Length: >= NonceLength and <= 128 })
            return StatusCodes.BadNonceInvalid;
        var certificate = CertificateText.First(channel.ClientCertificate);
        if (request.ClientCertificate is null || !CertificateText.First(request.ClientCertificate).SequenceEqual(certificate))
            return StatusCodes.BadCertificateInvalid;
        var chain = CertificateText.ReadChain(certificate);
        if (chain is null)
            return StatusCodes.BadCertificateInvalid;
        return CertificateValidator.CheckApplicationUri(chain[0], request.ClientDescription.ApplicationUri ?? "", CertificateRole.Client)?.Status ?? StatusCodes.Good;
    }

    private static bool SameClient(Session session, IServerChannel channel) =>
        CertificateText.First(session.ClientCertificate ?? []).SequenceEqual(CertificateText.First(channel.ClientCertificate ?? []));

    private static bool VerifyClient(IServerChannel channel, Session session, SignatureData signature)
    {
        if (signature.Signature is null || (!string.IsNullOrEmpty(signature.Algorithm) && signature.Algorithm != channel.Policy.AsymmetricSignatureUri))
            return false;
        if (CertificateText.ReadChain(CertificateText.First(channel.ClientCertificate)) is not { } chain || chain[0].GetRSAPublicKey() is not { } key)
            return false;
        using (key)
        {
            // A client that resumes its session after a renewal has either of the two in mind.
            return AsymmetricCipher.Verify(channel.Policy, key, [.. session.ServerCertificate.Der, .. session.ServerNonce], signature.Signature)
                || (channel.Certificate is { } other && other != session.ServerCertificate && AsymmetricCipher.Verify(channel.Policy, key, [.. other.Der, .. session.ServerNonce], signature.Signature));
        }
    }

    private static SignatureData Sign(SecurityPolicy policy, ApplicationCertificate own, byte[]? certificate, byte[]? nonce)
    {
        if (policy.IsNone)
            return new SignatureData();
        var signature = new byte[AsymmetricCipher.BlockLength(own.PrivateKey)];
        AsymmetricCipher.Sign(policy, own.PrivateKey, [.. certificate ?? [], .. nonce ?? []], signature);
        return new SignatureData { Algorithm = policy.AsymmetricSignatureUri, Signature = signature };
    }

    private T Refuse<T>(T response, string? name, string? clientUri, StatusCode status, string? reason = null)
        where T : Encoding.IUaResponse
    {
        if (refusals.TryPass(out _))
            logger.SessionRefused(Short(name, MaxNameLength), Short(clientUri, MaxNameLength), status, reason ?? Explain(status.Value));
        return response.Fail(status);
    }

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Short(string? text, int max) => text?.Length > max ? text[..max] : text;

    private static string Explain(uint status) => status switch
    {
        StatusCodes.BadTooManySessions => "the limit MaxSessions is reached",
        StatusCodes.BadCertificateUriInvalid => "the client's certificate was made for another application URI",
        StatusCodes.BadCertificateInvalid => "the session's certificate is not the channel's",
        StatusCodes.BadApplicationSignatureInvalid => "the client's signature does not match its certificate",
        StatusCodes.BadSecureChannelIdInvalid => "the session belongs to another channel or client",
        _ => "see the status",
    };
}
