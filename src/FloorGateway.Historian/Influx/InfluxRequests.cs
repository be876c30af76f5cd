using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FloorGateway.Historian.Influx.LineProtocol;

namespace FloorGateway.Historian.Influx;

/// <summary>URLs, headers and the HTTP handler of an InfluxDB feed.</summary>
internal static class InfluxRequests
{
    public static Uri WriteUrl(InfluxOptions options)
    {
        var start = options.Url.ToString().TrimEnd('/');
        var query = new StringBuilder();
        if (options.Api == InfluxApi.V1)
        {
            query.Append(start).Append("/write?db=").Append(Uri.EscapeDataString(options.Database ?? ""));
            if (options.RetentionPolicy is { } policy)
                query.Append("&rp=").Append(Uri.EscapeDataString(policy));
        }
        else if (options.Api == InfluxApi.V3)
        {
            query.Append(start).Append("/api/v3/write_lp?db=").Append(Uri.EscapeDataString(options.Database ?? ""))
                .Append("&accept_partial=").Append(options.AcceptPartial ? "true" : "false").Append("&no_sync=").Append(options.NoSync ? "true" : "false");
        }
        else
        {
            query.Append(start).Append("/api/v2/write?org=").Append(Uri.EscapeDataString(options.Org ?? "")).Append("&bucket=").Append(Uri.EscapeDataString(options.Bucket ?? ""));
        }

        return new(query.Append("&precision=").Append(Precision(options)).ToString());
    }

    public static Uri QueryUrl(InfluxOptions options) => new(options.Url.ToString().TrimEnd('/') + "/query");

    /// <summary>An InfluxQL question, which versions 1, 2 and 3 all answer under <c>/query</c>; in version 2 a bucket has a database of its name.</summary>
    public static Uri QueryUrl(InfluxOptions options, string query)
    {
        var url = new StringBuilder(QueryUrl(options).ToString()).Append("?db=").Append(Uri.EscapeDataString((options.Api == InfluxApi.V2 ? options.Bucket : options.Database) ?? ""));
        if (options.RetentionPolicy is { } policy)
            url.Append("&rp=").Append(Uri.EscapeDataString(policy));
        return new(url.Append("&epoch=ns&q=").Append(Uri.EscapeDataString(query)).ToString());
    }

    public static HttpClient Client(InfluxOptions options, HttpMessageHandler? handler)
    {
        var http = new HttpClient(handler ?? Handler(options)) { Timeout = options.Timeout };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("FloorGateway");
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        http.DefaultRequestHeaders.Authorization = Authorization(options);
        return http;
    }

    /// <summary>InfluxQL that makes the database; a name is quoted with backslash escapes.</summary>
    public static string CreateDatabase(string name) =>
        $"CREATE DATABASE \"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    public static AuthenticationHeaderValue? Authorization(InfluxOptions options) => options switch
    {
        { Api: InfluxApi.V2, Token: { } token } => new("Token", token),
        { Api: InfluxApi.V3, Token: { } token } => new("Bearer", token),
        { Api: InfluxApi.V1, Username: { } user } => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}"))),
        _ => null,
    };

    public static SocketsHttpHandler Handler(InfluxOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // A redirected POST may lose its body or take the token to another host.
            AllowAutoRedirect = false,
            UseProxy = options.UseProxy,
            UseCookies = false,
            // What waits, the live samples, and one to make a database with.
            MaxConnectionsPerServer = options.BacklogRequests + 2,
            ConnectTimeout = options.Timeout,
            // A server that moves behind its DNS name is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        };
        if (options.CaFile is { } authorities)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        if (options.ClientCertificateFile is { } own)
        {
            using var pem = X509Certificate2.CreateFromPemFile(own, options.ClientKeyFile);
            // Windows' TLS can't use a key that lives in memory only; a PKCS#12 round trip makes it usable there.
            var usable = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            handler.SslOptions.ClientCertificates = [usable];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => usable;
        }

        return handler;
    }

    // Each version has words of its own; version 3's short ones are understood by some of its editions only.
    private static string Precision(InfluxOptions options)
    {
        string[] words = options.Api switch
        {
            InfluxApi.V1 => ["n", "u", "ms", "s"],
            InfluxApi.V2 => ["ns", "us", "ms", "s"],
            _ => ["nanosecond", "microsecond", "millisecond", "second"],
        };
        return words[(int)options.Lines.Precision];
    }
}
