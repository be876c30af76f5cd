using FloorGateway.Configuration;
using FloorGateway.Connectors.OpcUa;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using FloorGateway.Pipeline.Normalisation;

namespace FloorGateway.Hosting;

/// <summary>From what the configuration says of a server to what the OPC UA client wants.</summary>
internal static class ServerClients
{
    public static OpcUaConnectorOptions Connector(ServerSettings server, IEnumerable<ConfiguredTag> tags, ITagCatalog catalog, OpcUaIdentity identity, string gatewayId, string dataFolder) => new()
    {
        Server = server.Name,
        Client = Client(server.Url, server.Security, server.User, identity, server.UserCertificate) with
        {
            SessionName = gatewayId,
            SessionTimeout = server.SessionTimeout,
            RequestTimeout = server.RequestTimeout,
            KeepAliveInterval = server.KeepAlive / 2,
            RedundantUrls = server.Redundant,
            EncodingLimits = new EncodingLimits { TextFallback = server.TextEncoding },
        },
        Subscription = new SubscriptionSettings
        {
            PublishingInterval = server.PublishingInterval,
            KeepAliveInterval = server.KeepAlive,
            Timestamps = server.Timestamps == TimestampsChoice.Source ? TimestampsToReturn.Source : TimestampsToReturn.Both,

            // Beyond the session's own: a gateway that comes back finds its subscriptions although its session is gone.
            Lifetime = server.SessionTimeout * 2,
            Server = new ServerProfile
            {
                MaxItemsPerSubscription = server.Limits.ItemsPerSubscription,
                MaxSubscriptions = server.Limits.Subscriptions,
                MaxItemsPerCall = server.Limits.ItemsPerCall,
                MaxPublishRequests = server.Limits.PublishRequests,
                MinSamplingInterval = server.Limits.Sampling,
            },
            Backoff = new BackoffOptions { First = server.ReconnectMin, Max = server.ReconnectMax },
        },
        CheckUnits = server.CheckUnits,
        DecodeStructures = server.DecodeStructures,
        TakeoverFile = Path.Combine(dataFolder, "opcua", Uri.EscapeDataString(server.Name) + ".subscriptions"),
        Tags =
        [
            .. tags.Where(tag => tag.Node != ConfiguredTag.ClockOffsetNode).Select(tag => new OpcUaTag(catalog.TryFind(tag.Path, out var known) ? known.Id : throw new InvalidOperationException($"{tag.Path} is not in the catalog"), tag.Node)
            {
                Sampling = tag.Sampling,
                QueueSize = tag.Queue,
                DiscardOldest = tag.DiscardOldest,
                Unit = tag.Normalisation.SourceUnit ?? (IsScaled(tag.Normalisation) ? null : tag.UnitCode),
                UnitIsCorrected = tag.Normalisation.SourceUnit is not null,
                IsMeasurement = !IsScaled(tag.Normalisation) && (tag.Kind == ValueKind.Array ? tag.ElementKind : tag.Kind) is ValueKind.Single or ValueKind.Double,
            }),
        ],
    };

    /// <summary>What the server sends are counts, or part of something: its unit is not the tag's.</summary>
    private static bool IsScaled(TagNormalisation n) =>
        n.Scale != 1 || n.Offset != 0 || !double.IsNaN(n.ScaledLow) || n.Field is not null || n.Raw != RawType.AsSent || n.Bit is not null;

    public static UaClientOptions Client(string url, SecuritySettings security, UserSettings? user, OpcUaIdentity identity, UserCertificateSettings? certificate = null) => new()
    {
        EndpointUrl = url,
        SecurityPolicy = security.Policy switch
        {
            SecurityPolicyChoice.None => SecurityPolicy.None,
            SecurityPolicyChoice.Aes128_Sha256_RsaOaep => SecurityPolicy.Aes128Sha256RsaOaep,
            SecurityPolicyChoice.Aes256_Sha256_RsaPss => SecurityPolicy.Aes256Sha256RsaPss,
            SecurityPolicyChoice.Basic128Rsa15 => SecurityPolicy.Basic128Rsa15,
            SecurityPolicyChoice.Basic256 => SecurityPolicy.Basic256,
            _ => SecurityPolicy.Basic256Sha256,
        },
        AllowDeprecatedPolicies = security.AllowDeprecated,
        SecurityMode = security.Mode switch
        {
            SecurityModeChoice.None => MessageSecurityMode.None,
            SecurityModeChoice.Sign => MessageSecurityMode.Sign,
            _ => MessageSecurityMode.SignAndEncrypt,
        },
        Certificate = identity.Certificate,
        TrustList = identity.TrustList,
        CertificateRules = new CertificateRules
        {
            AutoAcceptUntrusted = security.AutoAccept,
            CheckHostName = security.CheckHostName,
            RequireRevocationLists = security.RequireRevocationLists,
        },
        User = certificate is not null ? UserIdentity.Certificate(certificate.CertificateFile, certificate.KeyFile)
            : user is null ? UserIdentity.Anonymous : UserIdentity.UserName(user.Name, user.Password?.Value ?? ""),
    };
}
