using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Validation;

/// <summary>OPC UA endpoints, their security and their timing.</summary>
internal static class ServerChecks
{
    public static void Check(GatewayConfiguration configuration, Diagnostics errors)
    {
        if (configuration.Servers.Count == 0 && !errors.HasErrors)
            errors.Error(configuration.Gateway.Source.At, "there is no server to read from", "add servers: {NAME: {url: opc.tcp://HOST:4840}}, or let 'floorgateway browse' write the file");
        var urls = new Dictionary<string, ServerSettings>(StringComparer.OrdinalIgnoreCase);
        foreach (var server in configuration.Servers)
        {
            if (server.Url.Length > 0)
                UrlText.Parse(server.Url, server.Source["url"], "opc.tcp://192.0.2.10:4840", errors, "opc.tcp");
            if (server.Url.Length > 0 && !urls.TryAdd(server.Url.TrimEnd('/'), server))
                errors.Warn(server.Source["url"], $"server '{urls[server.Url.TrimEnd('/')].Name}' has the same url", "let one server entry serve all units of that machine");
            foreach (var url in server.Redundant)
                UrlText.Parse(url, server.Source["redundant"], "opc.tcp://192.0.2.12:4840", errors, "opc.tcp");
            CheckSecurity(server, errors);
            CheckTiming(server, errors);
        }
    }

    private static void CheckSecurity(ServerSettings server, Diagnostics errors)
    {
        var (policy, mode) = (server.Security.Policy, server.Security.Mode);
        if (server.Security.IsDeprecated && !server.Security.AllowDeprecated)
        {
            errors.Error(
                server.Security.Source["policy"],
                $"policy {policy} rests on SHA-1 and is broken",
                "choose Basic256Sha256 or better; where the equipment has nothing better, write allowDeprecated: true beside it");
        }

        if ((policy == SecurityPolicyChoice.None) != (mode == SecurityModeChoice.None))
        {
            errors.Error(
                server.Security.Source[policy == SecurityPolicyChoice.None ? "mode" : "policy"],
                $"policy {policy} and mode {mode} exclude each other",
                "choose a policy with mode Sign or SignAndEncrypt, or None for both");
        }
    }

    private static void CheckTiming(ServerSettings server, Diagnostics errors)
    {
        if (server.SessionTimeout <= server.KeepAlive)
            errors.Error(server.Source["sessionTimeout"], $"sessionTimeout {Quantities.Format(server.SessionTimeout)} is not above keepAlive {Quantities.Format(server.KeepAlive)}", "the session would end before a broken connection is noticed: raise sessionTimeout");
        if (server.KeepAlive < server.PublishingInterval)
            errors.Error(server.Source["keepAlive"], $"keepAlive {Quantities.Format(server.KeepAlive)} is below publishingInterval {Quantities.Format(server.PublishingInterval)}", "every publish would look like a broken connection: raise keepAlive");
        if (server.ReconnectMax < server.ReconnectMin)
            errors.Error(server.Source["reconnectMax"], $"reconnectMax {Quantities.Format(server.ReconnectMax)} is below reconnectMin {Quantities.Format(server.ReconnectMin)}", "write the longer wait under reconnectMax");
    }
}
