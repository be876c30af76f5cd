using System.Net;
using FloorGateway.Configuration;
using FloorGateway.Hmi;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Status;
using FloorGateway.Model.Tags;

namespace FloorGateway.Hosting;

/// <summary>The pages and the API over a running gateway.</summary>
internal static class GatewayWeb
{
    /// <summary>Listens at once; the caller stops and disposes it.</summary>
    /// <exception cref="PortBusyException">The port is taken.</exception>
    public static async Task<WebApplication> StartAsync(HttpSettings settings, GatewayRuntime runtime, TimeProvider time, ILoggerFactory loggers, CancellationToken cancel)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(GatewayWeb).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton(time);
        // The command line owns Ctrl-C and SIGTERM.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton<ITagCatalog>(runtime.Pipeline.Catalog);
        builder.Services.AddSingleton<ILiveTags>(runtime.Pipeline.LiveTags);
        builder.Services.AddSingleton<ILedger>(runtime.Pipeline);
        builder.Services.AddSingleton<IGatewayStatus>(runtime);
        if (runtime.History is { } history)
            builder.Services.AddSingleton(history);
        builder.Services.AddHmi();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(settings.Bind), settings.Port));
        var app = builder.Build();
        app.MapHmi();
        try
        {
            await app.StartAsync(cancel);
            return app;
        }
        catch (IOException e) when (PortBusyException.IsBusy(e))
        {
            await app.DisposeAsync();
            throw new PortBusyException("pages", settings.Port, e);
        }
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
