using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Validation;

/// <summary>What each kind of destination needs.</summary>
internal static class FeedChecks
{
    public static void Check(GatewayConfiguration configuration, Diagnostics errors)
    {
        CheckHistory(configuration, errors);
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

    /// <summary>Trends come from a feed that can be asked.</summary>
    private static void CheckHistory(GatewayConfiguration configuration, Diagnostics errors)
    {
        var http = configuration.Gateway.Http;
        if (http.History is not { } name)
            return;
        var readable = configuration.Feeds.Where(f => f is HistoryFeedSettings or InfluxFeedSettings).Select(f => f.Name).ToArray();
        if (!readable.Contains(name, StringComparer.Ordinal))
            errors.Error(http.Source["history"], $"'{name}' is no feed of type history or influxdb that is turned on", readable.Length == 0 ? "add one under feeds, or take history out" : Suggestion.Remedy(name, readable));
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
        var (needed, foreign) = feed.Version switch
        {
            1 => ((string[])["database"], (string[])["organization", "bucket", "noSync", "acceptPartial"]),
            2 => (["organization", "bucket"], ["database", "retentionPolicy", "user", "createDatabase", "noSync", "acceptPartial"]),
            _ => (["database"], ["organization", "bucket", "retentionPolicy", "user", "createDatabase"]),
        };
        foreach (var key in needed.Where(k => !feed.Source.Has(k)))
            errors.Error(feed.Source.At, $"'{key}' is missing for InfluxDB version {feed.Version}", $"add {key}: NAME");
        foreach (var key in foreign.Where(feed.Source.Has))
            errors.Error(feed.Source[key], $"'{key}' does not go with InfluxDB version {feed.Version}", feed.Version switch { 1 => "write database instead, or version: 2", 2 => "write organization and bucket instead, or version: 1", _ => "take it out; version 3 knows database and token" });
        if (feed.NoSync)
            errors.Warn(feed.Source["noSync"], "with noSync a crash of InfluxDB loses samples that the ledger counts as delivered", "take noSync out");
    }
}
