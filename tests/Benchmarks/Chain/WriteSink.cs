using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Benchmarks.Chain;

/// <summary>The database: takes a body, counts it, answers 204. <c>GET /count</c> gives requests and bytes.</summary>
internal static class WriteSink
{
    public static async Task<int> RunAsync(int port, CancellationToken cancel)
    {
        long requests = 0, bytes = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var app = builder.Build();
        app.MapPost("/write", Take);
        app.MapPost("/api/v2/write", Take);
        app.MapGet("/count", () => $"{Interlocked.Read(ref requests)} {Interlocked.Read(ref bytes)}");
        await app.StartAsync(cancel);
        Console.WriteLine("READY");
        // Its parent's end closes this.
        await Console.In.ReadLineAsync(cancel);
        return 0;

        async Task Take(HttpContext context)
        {
            var reader = context.Request.BodyReader;
            while (true)
            {
                var read = await reader.ReadAsync(context.RequestAborted);
                Interlocked.Add(ref bytes, read.Buffer.Length);
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }

            Interlocked.Increment(ref requests);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }
}
