using System.Net;
using FloorGateway.TestKit.Foreign;

namespace FloorGateway.Hmi.Tests;

public class PageTests
{
    [Fact]
    public async Task Serves_every_file_that_the_page_names_and_nothing_from_elsewhere()
    {
        await using var host = await HmiHost.StartAsync();
        var page = await host.Http.GetStringAsync(host.Url);
        Assert.DoesNotContain("//", page.Replace("<!--", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var named = System.Text.RegularExpressions.Regex.Matches(page, "(?:href|src)=\"([^\"]+)\"").Select(m => m.Groups[1].Value);
        var imported = new List<string>();
        foreach (var path in named)
        {
            using var response = await host.Http.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.OK), (path, response.StatusCode));
            imported.AddRange(System.Text.RegularExpressions.Regex.Matches(await response.Content.ReadAsStringAsync(), "from '\\./([^']+)'").Select(m => $"/hmi/{m.Groups[1].Value}"));
        }

        foreach (var path in imported.Distinct())
            Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Answers_an_unchanged_file_with_304()
    {
        await using var host = await HmiHost.StartAsync();
        using var first = await host.Http.GetAsync("/hmi/hmi.js");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/hmi/hmi.js");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await host.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Contains("default-src 'self'", first.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draws_tags_connections_feeds_and_ledger_in_a_real_browser()
    {
        await using var host = await HmiHost.StartAsync(DemoPlant.Create(DateTime.UtcNow), realClock: true);
        await using var page = await ChromiumPage.OpenAsync(host.Url);
        await page.WaitUntilAsync("document.querySelectorAll('.rows .row').length > 10");
        await page.WaitUntilAsync("document.querySelector('#count').textContent == '400'");
        await page.WaitUntilAsync("document.querySelector('#closes').textContent.includes('closes: every sample is accounted for')");
        await page.WaitUntilAsync("document.querySelector('#connections').innerText.includes('no answer to Hello')");
        await page.WaitUntilAsync("document.querySelector('#feeds').innerText.includes('Check the token of feed influxdb')");
        await page.WaitUntilAsync("document.querySelector('#insecure').innerText.includes('without encryption')");
        await page.WaitUntilAsync("document.querySelector('#health').classList.contains('problem')");
    }

    [Fact]
    public async Task Shows_what_is_missing_and_why()
    {
        var plant = DemoPlant.Create(DateTime.UtcNow);
        var to = DateTime.UtcNow.AddMinutes(-5).Ticks;
        plant.Gaps =
        [
            new() { Server = "cas-4", From = to - TimeSpan.TicksPerHour, To = to - TimeSpan.TicksPerMinute, Cause = "the gateway was not running" },
            new() { Server = "cas-4", Tag = "LXE/X/A", From = to - TimeSpan.TicksPerMinute, To = to, Cause = "queue too short" },
        ];
        await using var host = await HmiHost.StartAsync(plant, realClock: true);
        await using var page = await ChromiumPage.OpenAsync(host.Url);
        await page.WaitUntilAsync("document.querySelector('#gaps-count').textContent == 'Missing in the last 24 hours: 2 gaps'");
        await page.WaitUntilAsync("!document.querySelector('#gaps').hidden && document.querySelector('#gaps-list li').textContent.match(/^LXE.X.A, .*1 min 0 s.: queue too short$/)");
        await page.WaitUntilAsync("document.querySelector('#gaps-list li:last-child').textContent.startsWith('all of cas-4, ')");
    }

    [Fact]
    public async Task Shows_a_change_of_a_tag_and_finds_the_abnormal_ones()
    {
        var plant = DemoPlant.Create(DateTime.UtcNow);
        await using var host = await HmiHost.StartAsync(plant, realClock: true);
        await using var page = await ChromiumPage.OpenAsync(host.Url);
        await page.WaitUntilAsync("document.querySelector('#trend-name').textContent.endsWith('DC01/PRESS/Shot.Velocity')");
        plant.Set(0, Model.Values.TagValue.From(6.125), DateTime.UtcNow);
        await page.WaitUntilAsync("document.querySelector('#trend-value').textContent.trim() == '6.12500 m/s'");
        plant.Set(0, Model.Values.TagValue.Null, DateTime.UtcNow, Model.Values.StatusQuality.BadSensorFailure);
        await page.WaitUntilAsync("document.querySelector('#trend-value').classList.contains('hatched')");

        await page.EvaluateAsync("document.querySelector('#abnormal').click()");
        await page.EvaluateAsync("(e => { e.value = 'dc01 press velocity'; e.dispatchEvent(new Event('input')); })(document.querySelector('#search'))");
        await page.WaitUntilAsync("document.querySelector('#count').textContent == '1 of 400'");
        await page.WaitUntilAsync("[...document.querySelectorAll('.rows .row:not([hidden])')].map(r => r.innerText).join().includes('BadSensorFailure')");
    }

    [Fact]
    public async Task Values_of_a_server_that_is_not_connected_are_hatched_and_say_so()
    {
        var plant = DemoPlant.Create(DateTime.UtcNow);
        await using var host = await HmiHost.StartAsync(plant, realClock: true);
        await using var page = await ChromiumPage.OpenAsync(host.Url);
        const string first = "document.querySelector('.rows .row:not([hidden])')";
        await page.WaitUntilAsync($"{first}.innerText.includes('Good')");
        plant.Connections = [.. plant.Connections.Select(c => c.Server == "cas-1" ? c with { State = "Disconnected", Detail = "the cable is out" } : c)];
        await page.WaitUntilAsync($"{first}.innerText.includes('no connection') && {first}.querySelector('.val').classList.contains('hatched')");
    }

    [Fact]
    public async Task Says_that_everything_is_old_when_the_gateway_is_gone()
    {
        var host = await HmiHost.StartAsync(DemoPlant.Create(DateTime.UtcNow), realClock: true);
        await using var page = await ChromiumPage.OpenAsync(host.Url);
        await page.WaitUntilAsync("document.querySelector('#count').textContent == '400'");
        await host.DisposeAsync();
        await page.WaitUntilAsync("document.body.classList.contains('stale') && !document.querySelector('#offline').hidden");
    }
}
