using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FloorGateway.Hosting;
using FloorGateway.Simulators;
using FloorGateway.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Tests.Hosting;

/// <summary>The page's door to the simulated plant, over HTTP as the page uses it.</summary>
public sealed class SimulationApiTests : IAsyncLifetime
{
    private readonly TempDirectory folder = new();
    private readonly HttpClient http = new();
    private Simulation simulation = null!;
    private WebApplication web = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        simulation = await Simulation.StartAsync(
            new() { DataDir = folder.Path, WaitForBegin = true, Servers = [new() { Name = "asm", Port = 0, Units = ["TT01", "FF01"] }] }, cancellationToken: Cancel);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        web = builder.Build();
        web.Urls.Add("http://127.0.0.1:0");
        SimulationApi.Map(web, simulation);
        await web.StartAsync(Cancel);
        http.BaseAddress = new Uri(web.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await web.DisposeAsync();
        await simulation.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Fault_is_injected_shown_and_ended()
    {
        var posted = await http.PostAsJsonAsync("/api/simulation/faults", new { unit = "TT01", signal = "ToolTemp", fault = "F1", param = "30", durationS = 60 }, Cancel);
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        var fault = Assert.Single((await http.GetFromJsonAsync<JsonArray>("/api/simulation/faults", Cancel))!)!;
        Assert.Equal(("TT01", "ToolTemp", "F1", "30", 60.0), ((string)fault["unit"]!, (string)fault["signal"]!, (string)fault["fault"]!, (string)fault["param"]!, (double)fault["untilS"]!));
        var unit = (await http.GetFromJsonAsync<JsonArray>("/api/simulation/units", Cancel))!.Single(u => (string)u!["unit"]! == "TT01")!;
        Assert.Equal(("asm", "Stopped", "TT01/ToolTemp F1 30"), ((string)unit["server"]!, (string)unit["state"]!, (string)unit["faults"]![0]!));
        var ended = await (await http.DeleteAsync("/api/simulation/faults?unit=TT01", Cancel)).Content.ReadFromJsonAsync<JsonNode>(Cancel);
        Assert.Equal(1, (int)ended!["ended"]!);
        Assert.Empty((await http.GetFromJsonAsync<JsonArray>("/api/simulation/faults", Cancel))!);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_fault_is_told_with_its_remedy()
    {
        var posted = await http.PostAsJsonAsync("/api/simulation/faults", new { unit = "TT01", signal = "ToolTmp", fault = "F2", param = "much" }, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, posted.StatusCode);
        var problems = (await posted.Content.ReadFromJsonAsync<JsonNode>(Cancel))!["problems"]!.AsArray();
        Assert.Equal(["Signal", "Param"], problems.Select(p => (string)p!["field"]!));
        Assert.All(problems, p => Assert.NotEqual("", (string)p!["remedy"]!));
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsJsonAsync("/api/simulation/faults", new { unit = "TT01", fault = "F9", durationS = -1 }, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Catalogue_offers_the_units_and_for_one_its_signals_and_faults()
    {
        var all = (await http.GetFromJsonAsync<JsonArray>("/api/simulation/catalogue", Cancel))!;
        Assert.Equal(["TT01", "FF01"], all.Select(u => (string)u!["unit"]!));
        var one = Assert.Single((await http.GetFromJsonAsync<JsonArray>("/api/simulation/catalogue?unit=FF01", Cancel))!)!;
        Assert.Contains(one["faults"]!.AsArray(), f => (string)f!["code"]! == "bar-as-megapascal");
        Assert.Contains(one["signals"]!.AsArray(), s => (string)s!["name"]! == "FF01/GoodCount" && (bool)s["number"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/api/simulation/catalogue?unit=XX01", Cancel)).StatusCode);
    }
}
