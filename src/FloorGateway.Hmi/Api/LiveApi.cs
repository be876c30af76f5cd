using FloorGateway.Hmi.Live;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace FloorGateway.Hmi.Api;

/// <summary><c>GET /api/live?prefix=&amp;since=</c>: server-sent events (<c>event: tags</c>) with the tags that changed.</summary>
internal static class LiveApi
{
    public static async Task<IResult> GetAsync(HttpContext context, LiveChanges changes, IHostApplicationLifetime lifetime)
    {
        var query = new Query(context.Request, "prefix", "since");
        if (query.Problem is not null)
            return query.Problem;
        // A browser that lost the connection says by itself where it was.
        var since = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : query.Text("since");
        using var subscription = changes.Subscribe(query.Text("prefix") ?? "", since);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await foreach (var one in subscription.Events.ReadAllAsync(end.Token))
            {
                await context.Response.Body.WriteAsync(one, end.Token);
                await context.Response.Body.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The screen is gone or the gateway stops.
        }

        return TypedResults.Empty;
    }
}
