using System.Net;

namespace FloorGateway.Configuration.Loading;

/// <summary>Addresses: what they must look like, and whether they leave this machine.</summary>
internal static class UrlText
{
    /// <summary>The address, or null with an error in the list.</summary>
    public static Uri? Parse(string written, SourcePosition at, string example, Diagnostics errors, params string[] schemes)
    {
        if (!Uri.TryCreate(written, UriKind.Absolute, out var url) || url.Host.Length == 0 || written.Any(char.IsWhiteSpace))
        {
            errors.Error(at, $"'{written}' is not an address", $"write it like {example}");
            return null;
        }

        if (!schemes.Contains(url.Scheme))
        {
            errors.Error(at, $"'{url.Scheme}' is not the right scheme for this address", $"begin it with {string.Join(" or ", schemes.Select(s => s + "://"))}");
            return null;
        }

        if (url.UserInfo.Length > 0)
        {
            errors.Error(at, "the address holds a user name or password", "take it out; write user: {name: NAME, passwordEnv: VARIABLE} beside it");
            return null;
        }

        return url;
    }

    /// <summary>True for names and addresses that never leave this machine.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
