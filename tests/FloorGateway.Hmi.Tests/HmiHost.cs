using System.Net;
using System.Text.Json;
using FloorGateway.Model.History;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Status;
using FloorGateway.Model.Tags;
using FloorGateway.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Hmi.Tests;

/// <summary>The screens in a real Kestrel on a loopback port, with a fake gateway behind them.</summary>
public sealed class HmiHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private HmiHost(WebApplication app, FakeGateway gateway, ManualTimeProvider clock)
    {
        this.app = app;
        Gateway = gateway;
        Clock = clock;
        Http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Url };
    }

    public FakeGateway Gateway { get; }

    public ManualTimeProvider Clock { get; }

    public HttpClient Http { get; }

    public Uri Url => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <param name="gateway">Null = an empty one.</param>
    /// <param name="withHistory">Register the history port.</param>
    /// <param name="realClock">For looking at it in a browser.</param>
    /// <param name="more">What a host maps beside the screens.</param>
    public static async Task<HmiHost> StartAsync(FakeGateway? gateway = null, bool withHistory = true, bool realClock = false, Action<WebApplication>? more = null)
    {
        gateway ??= new();
        var clock = new ManualTimeProvider(new DateTimeOffset(FakeGateway.T0.AddHours(1)));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<ITagCatalog>(gateway).AddSingleton<ILiveTags>(gateway).AddSingleton<ILedger>(gateway).AddSingleton<IGatewayStatus>(gateway);
        builder.Services.AddSingleton(realClock ? TimeProvider.System : clock);
        if (withHistory)
            builder.Services.AddSingleton<IHistory>(gateway);
        builder.Services.AddHmi();
        var app = builder.Build();
        app.MapHmi();
        more?.Invoke(app);
        await app.StartAsync();
        return new(app, gateway, clock);
    }

    /// <summary>The status code and the JSON of an answer.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Json)> GetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(Url, path));
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, JsonDocument.Parse(text).RootElement);
    }

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}
