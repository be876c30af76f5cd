using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client;

/// <summary>The calls that come before there is an activated session (OPC 10000-4, 5.7).</summary>
internal static class SessionServices
{
    private const int NonceLength = 32;

    /// <summary>A server that does not answer a goodbye must not hold up the next attempt.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    public static void Check(UaClientOptions options)
    {
        if (options.SecurityPolicy.IsNone != (options.SecurityMode == MessageSecurityMode.None))
        {
            throw new UaServiceException(StatusCodes.BadSecurityModeRejected, $"{options.EndpointUrl}: {options.SecurityPolicy} does not go with {options.SecurityMode}. Use None with None, or another policy with Sign or SignAndEncrypt.");
        }

        if (options.SecurityPolicy.IsDeprecated && !options.AllowDeprecatedPolicies)
        {
            throw new UaServiceException(StatusCodes.BadSecurityPolicyRejected, $"{options.EndpointUrl}: {options.SecurityPolicy} rests on SHA-1 and is broken. Use Basic256Sha256 or better; where the equipment has nothing better, set AllowDeprecatedPolicies and keep it on a network of its own.");
        }

        if (!options.SecurityPolicy.IsNone && options.Certificate is null)
        {
            throw new UaServiceException(StatusCodes.BadCertificateInvalid, $"{options.EndpointUrl}: {options.SecurityPolicy} needs a certificate of our own and none is set.");
        }
    }

    /// <summary>A channel to an endpoint, or without one an unprotected channel for discovery.</summary>
    public static ClientChannelOptions ChannelFor(UaClientOptions options, EndpointDescription? endpoint, TimeProvider? time, ILoggerFactory? loggers, ApplicationCertificate? certificate = null) => new()
    {
        EndpointUrl = endpoint is null ? options.EndpointUrl : EndpointSelector.UrlToDial(endpoint, options.EndpointUrl),
        Policy = endpoint is null ? SecurityPolicy.None : options.SecurityPolicy,
        Mode = endpoint is null ? MessageSecurityMode.None : options.SecurityMode,
        Certificate = endpoint is null ? null : certificate ?? options.Certificate?.Current,
        ServerCertificate = endpoint?.ServerCertificate,
        Validator = endpoint is null || options.SecurityPolicy.IsNone ? null : new CertificateValidator(options.TrustList, options.CertificateRules, time),
        ServerApplicationUri = endpoint?.Server.ApplicationUri,
        EncodingLimits = options.EncodingLimits,
        OpenTimeout = options.RequestTimeout,
        RequestTimeout = options.RequestTimeout,
        Connect = options.Connect,
        Time = time ?? TimeProvider.System,
        Loggers = loggers,
    };

    /// <summary>
    /// Opens a channel for a new session. A server that refuses our renewed certificate gets the one before it while that is in time: it takes
    /// people to have the new one trusted on every machine.
    /// </summary>
    public static async Task<ClientSecureChannel> OpenAsync(UaClientOptions options, EndpointDescription endpoint, TimeProvider time, ILoggerFactory loggers, CancellationToken cancel)
    {
        try
        {
            return await ClientSecureChannel.OpenAsync(ChannelFor(options, endpoint, time, loggers), cancel).ConfigureAwait(false);
        }
        catch (ChannelException e) when (IsRefusalOfOurs(e.Status) && !options.SecurityPolicy.IsNone && options.Certificate?.Previous is not null)
        {
            var channel = await ClientSecureChannel.OpenAsync(ChannelFor(options, endpoint, time, loggers, options.Certificate.Previous), cancel).ConfigureAwait(false);
            ClientLog.OldCertificateUsed(loggers.CreateLogger<UaClient>(), options.EndpointUrl, options.Certificate.Current.Path, options.Certificate.Previous?.Certificate.NotAfter.ToUniversalTime());
            return channel;
        }
    }

    public static async ValueTask<SessionTicket> CreateAsync(ClientSecureChannel channel, UaClientOptions options, EndpointDescription endpoint, TimeProvider time, CancellationToken cancel)
    {
        var secure = !options.SecurityPolicy.IsNone;
        var nonce = RandomNumberGenerator.GetBytes(NonceLength);
        var request = new CreateSessionRequest
        {
            ClientDescription = new ApplicationDescription
            {
                ApplicationUri = options.ApplicationUri ?? options.Certificate?.Current.ApplicationUri ?? "urn:floorgateway:client",
                ProductUri = "urn:floorgateway",
                ApplicationName = new LocalizedText(options.ApplicationName),
                ApplicationType = ApplicationType.Client,
            },
            EndpointUrl = EndpointSelector.UrlToDial(endpoint, options.EndpointUrl),
            SessionName = options.SessionName,
            ClientNonce = nonce,
            ClientCertificate = secure ? channel.Certificate!.Der : null,
            RequestedSessionTimeout = options.SessionTimeout.TotalMilliseconds,
            MaxResponseMessageSize = (uint)options.EncodingLimits.MaxMessageSize,
        };
        var response = await SendAsync<CreateSessionResponse>(channel, request, options, time, cancel).ConfigureAwait(false);
        var serverCertificate = response.ServerCertificate ?? [];
        if (secure)
        {
            CheckServer(options, channel.Certificate!.Der, endpoint, response, serverCertificate, nonce);
        }

        return new SessionTicket
        {
            SessionId = response.SessionId,
            AuthenticationToken = response.AuthenticationToken,
            ServerNonce = response.ServerNonce ?? [],
            ServerCertificate = serverCertificate.Length > 0 ? serverCertificate : endpoint.ServerCertificate ?? [],
            Endpoint = endpoint,
            ClientThumbprint = channel.Certificate?.Thumbprint,
            Timeout = TimeSpan.FromMilliseconds(Math.Clamp(response.RevisedSessionTimeout, 0, int.MaxValue)),
        };
    }

    /// <summary>Proves to the server who we are and binds the session to the channel. Gives the nonce for the next activation.</summary>
    public static async ValueTask<byte[]> ActivateAsync(ClientSecureChannel channel, UaClientOptions options, SessionTicket ticket, TimeProvider time, CancellationToken cancel)
    {
        var (token, tokenSignature) = UserTokens.Create(options, ticket.Endpoint, ticket.ServerCertificate, ticket.ServerNonce);
        var request = new ActivateSessionRequest
        {
            RequestHeader = new RequestHeader { AuthenticationToken = ticket.AuthenticationToken },
            ClientSignature = Sign(channel, options, ticket),
            UserIdentityToken = new ExtensionObject(token),
            UserTokenSignature = tokenSignature,
            LocaleIds = ["en"],
        };
        var response = await SendAsync<ActivateSessionResponse>(channel, request, options, time, cancel).ConfigureAwait(false);
        return response.ServerNonce ?? [];
    }

    /// <summary>Closes a session that was made and could not be used; the outcome does not matter.</summary>
    public static async ValueTask TryCloseAsync(ClientSecureChannel channel, UaClientOptions options, SessionTicket ticket, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(CloseTimeout, time);
        try
        {
            var request = new CloseSessionRequest { RequestHeader = new RequestHeader { AuthenticationToken = ticket.AuthenticationToken }, DeleteSubscriptions = true };
            await SendAsync<CloseSessionResponse>(channel, request, options, time, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is UaServiceException or ChannelException or OperationCanceledException)
        {
            // The channel is gone, or the server wants an activated session: it ends by its timeout.
        }
    }

    public static async ValueTask<TResponse> SendAsync<TResponse>(ClientSecureChannel channel, IUaRequest request, UaClientOptions options, TimeProvider time, CancellationToken cancel)
        where TResponse : class, IUaResponse, IUaStructure<TResponse>
    {
        request.RequestHeader.Timestamp = time.GetUtcNow().UtcDateTime;
        request.RequestHeader.RequestHandle = 1;
        request.RequestHeader.TimeoutHint = (uint)options.RequestTimeout.TotalMilliseconds;
        using var message = await channel.RequestAsync(request, options.RequestTimeout, cancel).ConfigureAwait(false);
        return Decode<TResponse>(message, request, options);
    }

    /// <summary>The response, or an exception for a fault, an unexpected type, a bad service result and malformed bytes.</summary>
    public static TResponse Decode<TResponse>(ReceivedMessage message, IUaRequest request, UaClientOptions options)
        where TResponse : class, IUaResponse, IUaStructure<TResponse>
    {
        var service = request.GetType().Name.Replace("Request", "", StringComparison.Ordinal);
        var reader = new UaReader(message.Body, options.EncodingLimits);
        if (message.TypeId == ServiceFault.BinaryId)
        {
            var fault = ServiceFault.Decode(ref reader);
            throw Failed(service, options, reader.Failed ? reader.Error : fault.ResponseHeader.ServiceResult);
        }

        if (!StructureTable.TryGet(message.TypeId, out var decoder))
        {
            throw Failed(service, options, StatusCodes.BadUnknownResponse);
        }

        var decoded = decoder(ref reader);
        if (reader.Failed)
        {
            throw Failed(service, options, reader.Error);
        }

        var response = decoded as TResponse ?? throw Failed(service, options, StatusCodes.BadUnknownResponse);
        return response.ResponseHeader.ServiceResult.IsBad ? throw Failed(service, options, response.ResponseHeader.ServiceResult) : response;
    }

    public static UaServiceException Failed(string service, UaClientOptions options, StatusCode status)
    {
        var advice = status.CodeBits switch
        {
            StatusCodes.BadUserAccessDenied or StatusCodes.BadIdentityTokenRejected => $" The server refuses {options.User}: check name and password (or that the server trusts the user's certificate), and the user's rights there.",
            StatusCodes.BadUserSignatureInvalid => $" The server can't verify the signature of {options.User}: the key may not be the certificate's, or the server's certificate changed.",
            StatusCodes.BadIdentityTokenInvalid => " The server could not read the user token: its certificate may have changed since the endpoints were read.",
            StatusCodes.BadTooManySessions => " The server has no session left: close other clients, or raise its limit.",
            StatusCodes.BadSessionIdInvalid or StatusCodes.BadSessionClosed => " The session has ended on the server.",
            StatusCodes.BadServiceUnsupported => " The server does not have this service.",
            StatusCodes.BadDecodingError or StatusCodes.BadEncodingLimitsExceeded => " The response is malformed or beyond the limits set here.",
            _ => "",
        };
        return new UaServiceException(status, $"{service} on {options.EndpointUrl} failed with {status}.{advice}");
    }

    private static bool IsRefusalOfOurs(StatusCode status) => status.CodeBits is StatusCodes.BadSecurityChecksFailed or StatusCodes.BadCertificateUntrusted;

    private static void CheckServer(UaClientOptions options, byte[] own, EndpointDescription endpoint, CreateSessionResponse response, byte[] serverCertificate, byte[] clientNonce)
    {
        var leaf = UserTokens.LeafOf(serverCertificate);
        if (!leaf.AsSpan().SequenceEqual(UserTokens.LeafOf(endpoint.ServerCertificate ?? [])))
        {
            throw new UaServiceException(StatusCodes.BadCertificateInvalid, $"{options.EndpointUrl} showed one certificate in its endpoints and another in its session. Somebody may stand between, or the server was just reconfigured: connect again, and look at it if it stays.");
        }

        if ((response.ServerNonce?.Length ?? 0) < NonceLength)
        {
            throw new UaServiceException(StatusCodes.BadNonceInvalid, $"{options.EndpointUrl} sent a session nonce of {response.ServerNonce?.Length ?? 0} bytes; {NonceLength} are needed.");
        }

        // Discovery is not protected; this answer is. Without the check somebody could have taken better endpoints away (5.7.2.1).
        if (response.ServerEndpoints.Length > 0 && !response.ServerEndpoints.Any(e => e.SecurityPolicyUri == endpoint.SecurityPolicyUri && e.SecurityMode == endpoint.SecurityMode))
        {
            throw new UaServiceException(StatusCodes.BadSecurityChecksFailed, $"{options.EndpointUrl}: the endpoints read before the channel was secure differ from those of the session. Somebody may have changed them on the way.");
        }

        using var certificate = X509CertificateLoader.LoadCertificate(leaf);
        using var key = certificate.GetRSAPublicKey();
        byte[] signed = [.. own, .. clientNonce];
        if (key is null || !AsymmetricCipher.Verify(options.SecurityPolicy, key, signed, response.ServerSignature.Signature))
        {
            throw new UaServiceException(StatusCodes.BadApplicationSignatureInvalid, $"{options.EndpointUrl} could not prove that it owns its certificate. Do not trust this connection.");
        }
    }

    private static SignatureData Sign(ClientSecureChannel channel, UaClientOptions options, SessionTicket ticket)
    {
        if (options.SecurityPolicy.IsNone)
        {
            return new SignatureData();
        }

        byte[] data = [.. UserTokens.LeafOf(ticket.ServerCertificate), .. ticket.ServerNonce];
        var key = channel.Certificate!.PrivateKey;
        var signature = new byte[AsymmetricCipher.BlockLength(key)];
        AsymmetricCipher.Sign(options.SecurityPolicy, key, data, signature);
        return new SignatureData { Algorithm = options.SecurityPolicy.AsymmetricSignatureUri, Signature = signature };
    }
}
