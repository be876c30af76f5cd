using System.Net;
using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Validation;

/// <summary>Addresses and ports that the gateway listens on.</summary>
internal static class ListenerChecks
{
    public static void Check(GatewayConfiguration configuration, Diagnostics errors)
    {
        var http = configuration.Gateway.Http;
        CheckAddress(http.Bind, http.Source, errors);
        if (configuration.Broker is not { } broker)
            return;
        CheckAddress(broker.Bind, broker.Source, errors);
        if (http.Enabled && http.Port == broker.Port && http.Port != 0)
            errors.Error(broker.Source["port"], $"the broker and the pages both want port {http.Port}", "give one of them another port");
    }

    private static void CheckAddress(string address, ConfigSource source, Diagnostics errors)
    {
        if (!IPAddress.TryParse(address, out _))
            errors.Error(source["bind"], $"'{address}' is not an IP address", "write 127.0.0.1 for this machine only, or 0.0.0.0 for every network");
    }
}
