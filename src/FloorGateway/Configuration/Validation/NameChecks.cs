using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Validation;

/// <summary>Names that become topics, files and certificate subjects.</summary>
internal static class NameChecks
{
    private const string Allowed = "use letters, digits, '_', '-' and '.'";

    public static void Check(GatewayConfiguration configuration, Diagnostics errors)
    {
        var gateway = configuration.Gateway;
        if (gateway.Id.Length > 0 && !PathText.IsSignal(gateway.Id))
            errors.Error(gateway.Source["id"], $"'{gateway.Id}' can't be a gateway's id", Allowed);
        if (gateway.Site.Length > 0 && !PathText.IsPath(gateway.Site))
            errors.Error(gateway.Source["site"], $"'{gateway.Site}' can't be a path", $"{Allowed}, with single slashes between the words, e.g. LXE/JSH");
        foreach (var server in configuration.Servers.Where(s => !PathText.IsSignal(s.Name)))
            errors.Error(server.Source.At, $"'{server.Name}' can't be a server's name", Allowed);
        foreach (var feed in configuration.Feeds.Where(f => !PathText.IsSignal(f.Name)))
            errors.Error(feed.Source.At, $"'{feed.Name}' can't be a feed's name", Allowed);
    }
}
