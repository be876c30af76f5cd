using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Validation;

/// <summary>What each kind of destination needs.</summary>
internal static class FeedChecks
{
    public static void Check(GatewayConfiguration configuration, Diagnostics errors)
    {
        foreach (var feed in configuration.Feeds)
        {
            switch (feed)
            {
                case MqttFeedSettings mqtt:
                    CheckMqtt(mqtt, errors);
                    break;
                case InfluxFeedSettings influx:
                    CheckInflux(influx, errors);
                    break;
            }
        }
    }

    private static void CheckMqtt(MqttFeedSettings feed, Diagnostics errors)
    {
        if (feed.TopicPrefix.Length > 0 && !PathText.IsPath(feed.TopicPrefix))
            errors.Error(feed.Source["topicPrefix"], $"'{feed.TopicPrefix}' can't begin a topic", "write words of letters, digits, '_', '-' and '.' with single slashes between them, and none at the end");
        if (feed.Url.Scheme == "mqtt" && feed.Source.Has("tls"))
            errors.Error(feed.Source["tls"], "tls is given, but the address begins with mqtt://", "begin it with mqtts:// (port 8883 as a rule)");
        if (feed.Tls.CertificateFile is null != feed.Tls.KeyFile is null)
            errors.Error(feed.Tls.Source.At, "a client certificate needs both certificateFile and keyFile", "add the missing one");
        if (feed.Qos == 0)
            errors.Warn(feed.Source["qos"], "at qos 0 nobody acknowledges: what is lost on the way counts as delivered", "write qos: 1");
    }

    private static void CheckInflux(InfluxFeedSettings feed, Diagnostics errors)
    {
        var (needed, foreign) = feed.Version == 1
            ? ((string[])["database"], (string[])["organization", "bucket"])
            : (["organization", "bucket"], ["database", "retentionPolicy", "user", "createDatabase"]);
        foreach (var key in needed.Where(k => !feed.Source.Has(k)))
            errors.Error(feed.Source.At, $"'{key}' is missing for InfluxDB version {feed.Version}", $"add {key}: NAME");
        foreach (var key in foreign.Where(feed.Source.Has))
            errors.Error(feed.Source[key], $"'{key}' does not go with InfluxDB version {feed.Version}", feed.Version == 1 ? "write database instead, or version: 2" : "write organization and bucket instead, or version: 1");
    }
}
