using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Services;

/// <summary>FindServers and GetEndpoints (OPC 10000-4, 5.5).</summary>
internal sealed class DiscoveryService(UaServerOptions options)
{
    public const string AnonymousPolicyId = "anonymous";
    public const string UserNamePolicyId = "username";
    public const string CertificatePolicyId = "certificate";

    private const string TransportProfile = "http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary";

    /// <summary>The port that was bound; set before the first client comes.</summary>
    public int Port { get; set; } = options.Port;

    public string EndpointUrl => $"opc.tcp://{options.HostName}:{Port}";

    public FindServersResponse FindServers(FindServersRequest request)
    {
        var wanted = request.ServerUris.Length == 0 || request.ServerUris.Contains(options.ApplicationUri);
        return new FindServersResponse { Servers = wanted ? [Describe(UrlFor(request.EndpointUrl))] : [] };
    }

    public GetEndpointsResponse GetEndpoints(GetEndpointsRequest request)
    {
        var wanted = request.ProfileUris.Length == 0 || request.ProfileUris.Contains(TransportProfile);
        return new GetEndpointsResponse { Endpoints = wanted ? Endpoints(request.EndpointUrl, options.Certificate.Current) : [] };
    }

    /// <summary>The endpoints under the name by which the client came, with the certificate that its channel has or a new one gets.</summary>
    public EndpointDescription[] Endpoints(string? clientUrl, ApplicationCertificate certificate)
    {
        var url = UrlFor(clientUrl);
        var server = Describe(url);
        return
        [
            .. options.Security.Select(security => new EndpointDescription
            {
                EndpointUrl = url,
                Server = server,
                ServerCertificate = certificate.Der,
                SecurityMode = security.Mode,
                SecurityPolicyUri = security.Policy.Uri,
                UserIdentityTokens = TokenPolicies(security.Policy),
                TransportProfileUri = TransportProfile,
                SecurityLevel = LevelOf(security),
            }),
        ];
    }

    /// <summary>The policy that protects passwords and users' signatures on a channel: its own, or one of our choosing where the channel has none.</summary>
    public static SecurityPolicy TokenPolicyOf(SecurityPolicy channelPolicy) => channelPolicy.IsNone ? SecurityPolicy.Basic256Sha256 : channelPolicy;

    private UserTokenPolicy[] TokenPolicies(SecurityPolicy policy)
    {
        var policies = new List<UserTokenPolicy>(3);
        if (options.AllowAnonymous)
            policies.Add(new UserTokenPolicy { PolicyId = AnonymousPolicyId, TokenType = UserTokenType.Anonymous });
        if (options.Users is not null)
            policies.Add(new UserTokenPolicy { PolicyId = UserNamePolicyId, TokenType = UserTokenType.UserName, SecurityPolicyUri = TokenPolicyOf(policy).Uri });
        if (options.UserCertificates is not null)
            policies.Add(new UserTokenPolicy { PolicyId = CertificatePolicyId, TokenType = UserTokenType.Certificate, SecurityPolicyUri = TokenPolicyOf(policy).Uri });
        return [.. policies];
    }

    private ApplicationDescription Describe(string url) => new()
    {
        ApplicationUri = options.ApplicationUri,
        ProductUri = options.ProductUri,
        ApplicationName = new LocalizedText("en", options.ApplicationName),
        ApplicationType = ApplicationType.Server,
        DiscoveryUrls = [url],
    };

    // A client that reached us through another name or a forwarded port would not get far with ours.
    private string UrlFor(string? clientUrl) =>
        clientUrl?.Length <= HelloMessage.MaxEndpointUrlLength && Uri.TryCreate(clientUrl, UriKind.Absolute, out var uri) && uri.Scheme == "opc.tcp" && uri.Host.Length != 0
            ? $"opc.tcp://{uri.Authority}"
            : EndpointUrl;

    private static byte LevelOf(EndpointSecurity security) =>
        (byte)(security.Policy.SecurityLevel + (security.Mode == MessageSecurityMode.SignAndEncrypt ? 100 : 0));
}
