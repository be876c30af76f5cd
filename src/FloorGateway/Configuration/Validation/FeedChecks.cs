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
        CheckTls(feed, feed.Url, feed.Tls, "mqtts", errors);
        if (feed.Qos == 0)
            errors.Warn(feed.Source["qos"], "at qos 0 nobody acknowledges: what is lost on the way counts as delivered", "write qos: 1");
    }

    private static void CheckTls(FeedSettings feed, Uri url, FeedTlsSettings tls, string scheme, Diagnostics errors)
    {
        if (url.Scheme != scheme && feed.Source.Has("tls"))
            errors.Error(feed.Source["tls"], $"tls is given, but the address begins with {url.Scheme}://", $"begin it with {scheme}://");
        if (tls.CertificateFile is null != tls.KeyFile is null)
            errors.Error(tls.Source.At, "a client certificate needs both certificateFile and keyFile", "add the missing one");
    }

    private static void CheckInflux(InfluxFeedSettings feed, Diagnostics errors)
    {
        CheckTls(feed, feed.Url, feed.Tls, "https", errors);
        var (needed, foreign) = feed.Version == 1
            ? ((string[])["database"], (string[])["organization", "bucket"])
            : (["organization", "bucket"], ["database", "retentionPolicy", "user", "createDatabase"]);
        foreach (var key in needed.Where(k => !feed.Source.Has(k)))
            errors.Error(feed.Source.At, $"'{key}' is missing for InfluxDB version {feed.Version}", $"add {key}: NAME");
        foreach (var key in foreign.Where(feed.Source.Has))
            errors.Error(feed.Source[key], $"'{key}' does not go with InfluxDB version {feed.Version}", feed.Version == 1 ? "write database instead, or version: 2" : "write organization and bucket instead, or version: 1");
    }
}
