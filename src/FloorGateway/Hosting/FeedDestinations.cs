using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FloorGateway.Configuration;
using FloorGateway.Connectors.Uns;
using FloorGateway.Historian.Influx;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Tags;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Pipeline.Feeds;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Hosting;

/// <summary>Makes the destination that a feed of the configuration asks for. A new kind of feed is registered here.</summary>
internal static class FeedDestinations
{
    public static IFeedDestination Create(FeedSettings feed, GatewayConfiguration configuration, ITagCatalog catalog, TimeProvider time, ILoggerFactory loggers) => feed switch
    {
        MqttFeedSettings mqtt => new UnsDestination(Uns(mqtt, configuration.Gateway), catalog, time, loggers),
        InfluxFeedSettings influx => new InfluxDestination(catalog, Influx(influx), time, loggers.CreateLogger<InfluxDestination>()),
        HistoryFeedSettings history => NowOrLater(History(history, configuration.Gateway), o => OpenHistory(catalog, o, time, loggers)),
        _ => throw new NotSupportedException($"feed {feed.Name}: there is no destination of type {feed.Type}"),
    };

    /// <summary>How a feed follows the journal.</summary>
    public static FeedOptions Options(FeedSettings feed)
    {
        var standard = new FeedOptions();
        return standard with { Paused = feed.Paused, Filter = feed.Filter, CatchUpRate = feed.CatchUpRate, LiveAfter = feed.InOrder ? null : standard.LiveAfter };
    }

    /// <summary>A file that can't be opened must not keep the gateway from reading the equipment.</summary>
    private static IFeedDestination NowOrLater(SqliteHistoryOptions options, Func<SqliteHistoryOptions, IFeedDestination> open)
    {
        try
        {
            return open(options);
        }
        catch (IOException)
        {
            // The feed says why, again and again, until it can be opened.
            return new LateDestination(options.Name, options.MaxBatch, () => open(options));
        }
    }

    internal static SqliteHistory OpenHistory(ITagCatalog catalog, SqliteHistoryOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        try
        {
            return new SqliteHistory(catalog, options, time, loggers.CreateLogger<SqliteHistory>());
        }
        catch (Exception e) when (e is SqliteException or InvalidDataException)
        {
            throw new IOException($"the history {options.Path} of feed {options.Name} can't be opened: {e.Message} Move the file and those beside it (-wal, -shm) away, and a new history is begun; its samples wait in the journal meanwhile, and trends are there again after a restart", e);
        }
    }

    private static UnsOptions Uns(MqttFeedSettings feed, GatewaySettings gateway)
    {
        var standard = new UnsOptions { Name = feed.Name, GatewayId = gateway.Id, Client = new MqttClientOptions() };
        return standard with
        {
            Site = gateway.Site,
            TopicPrefix = feed.TopicPrefix,
            Qos = (MqttQos)feed.Qos,
            Retain = feed.Retain,
            MemoryFile = Path.Combine(gateway.DataFolder, "feeds", feed.Name + ".retained"),
            MaxBatch = feed.Batch > 0 ? feed.Batch : standard.MaxBatch,
            Client = new MqttClientOptions
            {
                Host = feed.Url.Host,
                Port = feed.Url.Port,
                Tls = feed.Url.Scheme == "mqtts" ? Tls(feed) : null,
                Version = feed.Version == 5 ? MqttProtocolVersion.V5 : MqttProtocolVersion.V311,
                ClientId = feed.ClientId ?? $"{gateway.Id}-{feed.Name}",
                UserName = feed.User?.Name,
                Password = feed.User?.Password is { } password ? Encoding.UTF8.GetBytes(password.Value) : null,
                KeepAlive = feed.KeepAlive,
            },
        };
    }

    private static SslClientAuthenticationOptions Tls(MqttFeedSettings feed)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = feed.Url.Host };
        if (feed.Tls.CaFile is { } caFile)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(caFile);
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            options.CertificateChainPolicy = policy;
        }

        if (feed.Tls.CertificateFile is { } certificate)
            options.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, feed.Tls.KeyFile)];
        if (feed.Tls.AutoAccept)
        {
            // Written down in the configuration, logged at start and shown on the status page.
#pragma warning disable CA5359
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return options;
    }

    internal static InfluxOptions Influx(InfluxFeedSettings feed)
    {
        var standard = new InfluxOptions { Url = feed.Url };
        return standard with
        {
            Name = feed.Name,
            Api = feed.Version switch { 1 => InfluxApi.V1, 2 => InfluxApi.V2, _ => InfluxApi.V3 },
            Database = feed.Database,
            RetentionPolicy = feed.RetentionPolicy,
            CreateDatabase = feed.CreateDatabase,
            Username = feed.User?.Name,
            Password = feed.User?.Password?.Value,
            Org = feed.Organization,
            Bucket = feed.Bucket,
            Token = feed.Token?.Value,
            Gzip = feed.Gzip,
            NoSync = feed.NoSync,
            AcceptPartial = feed.AcceptPartial,
            Timeout = feed.Timeout,
            MaxBatch = feed.Batch > 0 ? feed.Batch : standard.MaxBatch,
            CaFile = feed.Tls.CaFile,
            ClientCertificateFile = feed.Tls.CertificateFile,
            ClientKeyFile = feed.Tls.KeyFile,
            Lines = standard.Lines with
            {
                Arrays = feed.Arrays == InfluxArraysChoice.Json ? ArrayFields.Json : ArrayFields.Elements,
                Precision = feed.Precision switch
                {
                    InfluxPrecisionChoice.Us => TimePrecision.Microseconds,
                    InfluxPrecisionChoice.Ms => TimePrecision.Milliseconds,
                    InfluxPrecisionChoice.S => TimePrecision.Seconds,
                    _ => TimePrecision.Nanoseconds,
                },
            },
        };
    }

    internal static SqliteHistoryOptions History(HistoryFeedSettings feed, GatewaySettings gateway)
    {
        var standard = new SqliteHistoryOptions { Path = Path.Combine(gateway.DataFolder, "history.db") };
        return standard with
        {
            Name = feed.Name,
            Retention = feed.Retention,
            MaxBytes = feed.MaxSize,
            MaxBatch = feed.Batch > 0 ? feed.Batch : standard.MaxBatch,
        };
    }
}
