using System.Net;
using System.Net.Sockets;
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
    /// <summary>Connections at once, live screens included: far more than a plant has screens.</summary>
    private const int MaxConnections = 500;

    /// <summary>Listens at once; the caller stops and disposes it.</summary>
    /// <param name="settings">Address, port and names.</param>
    /// <param name="runtime">What is shown.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="cancel">Gives the start up.</param>
    /// <param name="more">Endpoints beside the gateway's own.</param>
    /// <exception cref="PortBusyException">The port is taken.</exception>
    public static async Task<WebApplication> StartAsync(HttpSettings settings, GatewayRuntime runtime, TimeProvider time, ILoggerFactory loggers, CancellationToken cancel, Action<IEndpointRouteBuilder>? more = null)
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
        builder.Configuration["AllowedHosts"] = AllowedHosts(settings);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Listen(IPAddress.Parse(settings.Bind), settings.Port);
        });
        var app = builder.Build();
        app.MapHmi();
        more?.Invoke(app);
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

    /// <summary>
    /// What a request's Host header may say. On all addresses ("any") nobody knows this machine's names, so everything passes unless the
    /// configuration names some.
    /// </summary>
    internal static string AllowedHosts(HttpSettings settings)
    {
        var bind = IPAddress.Parse(settings.Bind);
        if (settings.Hosts.Count == 0 && (bind.Equals(IPAddress.Any) || bind.Equals(IPAddress.IPv6Any)))
            return "*";
        return string.Join(';', ["localhost", "127.0.0.1", "[::1]", bind.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{bind}]" : $"{bind}", .. settings.Hosts]);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
