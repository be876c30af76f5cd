using System.IO.Compression;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Historian.Tests.Influx;

/// <summary>One request as it came over the wire.</summary>
public sealed record RecordedRequest(string Method, string PathAndQuery, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The body, decompressed where it says that it is compressed.</summary>
    public string Text
    {
        get
        {
            if (!Headers.TryGetValue("Content-Encoding", out var encoding) || encoding != "gzip")
                return Encoding.UTF8.GetString(Body);
            using var unzipped = new GZipStream(new MemoryStream(Body), CompressionMode.Decompress);
            using var reader = new StreamReader(unzipped, Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }
}

/// <summary>An HTTP server that keeps every request, holds each to the published API and answers as it is told. What the API does not allow fails the test when the server is disposed.</summary>
public sealed class RecordingServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly List<RecordedRequest> requests = [];

    private RecordingServer(WebApplication app) => this.app = app;

    public Uri Url => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (requests)
                return [.. requests];
        }
    }

    /// <summary>What requests did that the published API does not allow.</summary>
    public IReadOnlyList<string> Violations => [.. Requests.SelectMany(PublishedApi.Violations)];

    /// <summary>Answers a request; the default is 204.</summary>
    public Func<RecordedRequest, HttpResponse, Task> Answer { get; set; } = (_, response) =>
    {
        response.StatusCode = 204;
        return Task.CompletedTask;
    };

    /// <param name="certificate">Serves HTTPS with it; null = HTTP.</param>
    public static async Task<RecordingServer> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        var app = builder.Build();
        var server = new RecordingServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    public void AnswerWith(int status, string body = "", string? retryAfter = null) => Answer = async (_, response) =>
    {
        response.StatusCode = status;
        if (retryAfter is not null)
            response.Headers.RetryAfter = retryAfter;
        if (body.Length > 0)
            await response.WriteAsync(body);
    };

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Assert.Empty(Violations);
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new RecordedRequest(
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        lock (requests)
            requests.Add(request);
        await Answer(request, context.Response);
    }
}
