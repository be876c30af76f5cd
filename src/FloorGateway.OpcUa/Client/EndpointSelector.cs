using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

/// <summary>Picks the endpoint and the user token policy that were asked for, and no other.</summary>
public static class EndpointSelector
{
    private const string BinaryTransport = "http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary";

    /// <summary>The endpoint with exactly the policy and mode of the options.</summary>
    /// <exception cref="UaServiceException">BadSecurityPolicyRejected: the server has none. The message lists what it has.</exception>
    public static EndpointDescription Select(IReadOnlyList<EndpointDescription> endpoints, UaClientOptions options)
    {
        var matches = endpoints
            .Where(e => e.SecurityMode == options.SecurityMode
                && e.SecurityPolicyUri == options.SecurityPolicy.Uri
                && (string.IsNullOrEmpty(e.TransportProfileUri) || e.TransportProfileUri == BinaryTransport)
                && e.EndpointUrl?.StartsWith("opc.tcp:", StringComparison.OrdinalIgnoreCase) == true)
            .OrderByDescending(e => e.SecurityLevel)
            .ToList();
        if (matches.Count == 0)
        {
            var offered = endpoints.Select(e => $"{PolicyName(e.SecurityPolicyUri)}/{e.SecurityMode}").Distinct();
            throw new UaServiceException(
                StatusCodes.BadSecurityPolicyRejected,
                $"{options.EndpointUrl} has no endpoint with {options.SecurityPolicy}/{options.SecurityMode}. It offers: {string.Join(", ", offered)}. Set one of those, or enable the asked one on the server.");
        }

        // The one that allows our kind of user comes first when several differ only in that.
        return matches.FirstOrDefault(e => FindToken(e, options) is not null) ?? matches[0];
    }

    /// <summary>The token policy for the options' user.</summary>
    /// <exception cref="UaServiceException">BadIdentityTokenRejected: the endpoint takes no such user.</exception>
    public static UserTokenPolicy SelectToken(EndpointDescription endpoint, UaClientOptions options) => FindToken(endpoint, options)
        ?? throw new UaServiceException(
            StatusCodes.BadIdentityTokenRejected,
            $"{options.EndpointUrl} does not let in {options.User}: it accepts {string.Join(", ", endpoint.UserIdentityTokens.Select(t => t.TokenType).Distinct())} users on this endpoint. Set another user, or allow it on the server.");

    /// <summary>The policy that encrypts the token: its own, or the endpoint's when it names none; null for one we do not speak.</summary>
    internal static SecurityPolicy? PolicyOf(UserTokenPolicy token, EndpointDescription endpoint) =>
        SecurityPolicy.FindByUri(string.IsNullOrEmpty(token.SecurityPolicyUri) ? endpoint.SecurityPolicyUri : token.SecurityPolicyUri);

    /// <summary>The server's URL with the host and port that were dialled: its own may not resolve from here.</summary>
    internal static string UrlToDial(EndpointDescription endpoint, string configured)
    {
        if (!Uri.TryCreate(configured, UriKind.Absolute, out var dialled) || !Uri.TryCreate(endpoint.EndpointUrl, UriKind.Absolute, out var offered))
        {
            return configured;
        }

        var path = offered.AbsolutePath == "/" ? "" : offered.AbsolutePath;
        return $"opc.tcp://{dialled.Authority}{path}";
    }

    private static UserTokenPolicy? FindToken(EndpointDescription endpoint, UaClientOptions options)
    {
        var type = options.User switch
        {
            UserIdentity.NamedUser => UserTokenType.UserName,
            UserIdentity.CertificateUser => UserTokenType.Certificate,
            _ => UserTokenType.Anonymous,
        };
        return endpoint.UserIdentityTokens
            .Where(t => t.TokenType == type && (options.AllowDeprecatedPolicies || type == UserTokenType.Anonymous || PolicyOf(t, endpoint) is not { IsDeprecated: true }))
            .OrderByDescending(t => PolicyOf(t, endpoint) is { IsNone: false } policy ? policy.SecurityLevel : 0)
            .FirstOrDefault(t => type switch
            {
                UserTokenType.Anonymous => true,
                // A certificate without a signature proves nothing, so a policy that signs is a must.
                UserTokenType.Certificate => PolicyOf(t, endpoint) is { IsNone: false },
                _ => PolicyOf(t, endpoint) is not null,
            });
    }

    private static string PolicyName(string? uri) => SecurityPolicy.FindByUri(uri)?.Name ?? uri?[(uri.IndexOf('#', StringComparison.Ordinal) + 1)..] ?? "?";
}
