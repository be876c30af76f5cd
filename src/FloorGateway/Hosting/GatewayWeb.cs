using FloorGateway.Configuration;
namespace FloorGateway.Hosting;
internal static class GatewayWeb
{
    public static async Task<WebApplication> StartAsync(HttpSettings settings, GatewayRuntime runtime, TimeProvider time, ILoggerFactory loggers, CancellationToken cancel)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Parse(settings.Bind), settings.Port));
        var app = builder.Build();
        app.MapGet("/api/ledger", () => runtime.Pipeline.Snapshot());
        await app.StartAsync(cancel);
        return app;
    }
}
