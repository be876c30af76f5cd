using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Validation;

/// <summary>
/// Finds every insecure choice. One that other machines can reach must be allowed in writing (<c>allowInsecure: true</c> beside it); one that stays on this machine
/// needs no permission. All are listed, so that the log and the status page show them.
/// </summary>
internal static class InsecureChoices
{
    public static IReadOnlyList<string> Check(GatewayConfiguration configuration, Diagnostics errors)
    {
        var found = new List<string>();
        foreach (var server in configuration.Servers)
        {
            // An address that can't be read is an error of its own; whether it is remote nobody knows.
            if (Uri.TryCreate(server.Url, UriKind.Absolute, out var url) && url.Scheme == "opc.tcp")
                CheckServer(server, new Finding(server.Source, UrlText.IsLoopback(url.Host), server.AllowInsecure, errors, found));
        }

        var http = configuration.Gateway.Http;
        if (http.Enabled && !UrlText.IsLoopback(http.Bind))
            new Finding(http.Source, false, http.AllowInsecure, errors, found).Add("bind", $"pages on {http.Bind}:{http.Port} are open to everybody who reaches this machine", "bind 127.0.0.1 and put a proxy with a login in front");
        if (configuration.Broker is { } broker)
            CheckBroker(broker, new Finding(broker.Source, UrlText.IsLoopback(broker.Bind), broker.AllowInsecure, errors, found));
        foreach (var feed in configuration.Feeds)
            CheckFeed(feed, errors, found);
        return found;
    }

    private static void CheckServer(ServerSettings server, Finding finding)
    {
        var security = server.Security;
        var at = security.Source;
        if (security.Policy == SecurityPolicyChoice.None)
            finding.Add(at["policy"], $"server {server.Name}: messages are neither signed nor encrypted", "choose policy Basic256Sha256 and mode SignAndEncrypt");
        else if (security.Mode == SecurityModeChoice.Sign)
            finding.Add(at["mode"], $"server {server.Name}: messages are signed but not encrypted", "choose mode SignAndEncrypt");
        if (security.IsDeprecated)
            finding.Add(at["policy"], $"server {server.Name}: policy {security.Policy} rests on SHA-1 and is broken", "choose policy Basic256Sha256");
        if (security.AutoAccept)
            finding.Add(at["autoAccept"], $"server {server.Name}: any server certificate is accepted", "take autoAccept out and move the server's certificate from pki/rejected to pki/trusted");
        if (!security.CheckHostName)
            finding.Add(at["checkHostName"], $"server {server.Name}: its certificate may be made for another host", "take checkHostName out and dial a name that the certificate holds");
        if (server.User is null && server.UserCertificate is null)
            finding.Add("user", $"server {server.Name}: the gateway logs in as anonymous", "add user: {name: NAME, passwordEnv: VARIABLE}, or a certificateFile and a keyFile");
    }

    private static void CheckBroker(BrokerSettings broker, Finding finding)
    {
        if (broker.Anonymous)
            finding.Add("anonymous", "broker: clients need no login", "take anonymous out and add users");
        if (broker.Tls is null)
            finding.Add("bind", "broker: connections are not encrypted", "add tls: {certificateFile: FILE, keyFile: FILE}");
    }

    private static void CheckFeed(FeedSettings feed, Diagnostics errors, List<string> found)
    {
        switch (feed)
        {
            case MqttFeedSettings mqtt:
                var toBroker = new Finding(mqtt.Source, UrlText.IsLoopback(mqtt.Url.Host), mqtt.AllowInsecure, errors, found);
                if (mqtt.Url.Scheme == "mqtt")
                    toBroker.Add("url", $"feed {mqtt.Name}: the connection is not encrypted", "begin the address with mqtts://");
                if (mqtt.Tls.AutoAccept)
                    toBroker.Add(mqtt.Tls.Source["autoAccept"], $"feed {mqtt.Name}: any broker certificate is accepted", "take autoAccept out and name the broker's CA under tls.caFile");
                break;
            case InfluxFeedSettings { Url.Scheme: "http" } influx:
                new Finding(influx.Source, UrlText.IsLoopback(influx.Url.Host), influx.AllowInsecure, errors, found).Add("url", $"feed {influx.Name}: the connection is not encrypted", "begin the address with https://");
                break;
        }
    }

    private sealed record Finding(ConfigSource Source, bool Local, bool Allowed, Diagnostics Errors, List<string> Found)
    {
        public void Add(string key, string what, string better) => Add(Source[key], what, better);

        public void Add(SourcePosition at, string what, string better)
        {
            Found.Add(Local ? $"{what} (stays on this machine)" : what);
            if (!Local && !Allowed)
                Errors.Error(at, what, $"{better}; or write allowInsecure: true beside it if that is meant");
        }
    }
}
