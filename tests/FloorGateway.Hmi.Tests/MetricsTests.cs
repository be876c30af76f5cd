using System.Globalization;
using System.Text.RegularExpressions;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Status;

namespace FloorGateway.Hmi.Tests;

public partial class MetricsTests
{
    [Fact]
    public async Task Ledger_feeds_and_conditions_are_there_for_Prometheus()
    {
        await using var host = await HmiHost.StartAsync();
        host.Gateway.Ledger = new LedgerSnapshot(
            [new ServerLedger("c\"s\\", 10, 2, 1, 7, 3)], 7, [new FeedLedger("uns", 7, 3, 1, 2, 0, TimeSpan.FromSeconds(1.5), "Running", null) { Withheld = 1, Backlog = 2 }]);
        host.Gateway.Conditions = [new GatewayCondition("ClockSkew", 3, "cas", "cas", default, "x")];
        using var answer = await host.Http.GetAsync(new Uri(host.Url, "/metrics"));
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var text = await answer.Content.ReadAsStringAsync();
        foreach (var line in (string[])[
            "floorgateway_ledger_closes 1", "floorgateway_journaled_samples_total 7", "floorgateway_server_received_samples_total{server=\"c\\\"s\\\\\"} 10",
            "floorgateway_feed_delivered_samples_total{feed=\"uns\"} 3", "floorgateway_feed_withheld_samples_total{feed=\"uns\"} 1", "floorgateway_feed_lag_seconds{feed=\"uns\"} 1.5",
            "floorgateway_conditions{name=\"ClockSkew\",priority=\"3\"} 1"])
            Assert.Contains(line + "\n", text, StringComparison.Ordinal);
        // Each line is a comment or a sample, and each family is named once.
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'))
            Assert.True(SampleLine().IsMatch(line) && double.IsFinite(double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)), line);
        var types = text.Split('\n').Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).ToList();
        Assert.Equal(types.Count, types.Distinct().Count());
    }

    [Fact]
    public async Task Ledger_by_tag_takes_a_prefix()
    {
        await using var host = await HmiHost.StartAsync();
        host.Gateway.TagLedgers = [new TagLedger("LXE/A/X", "cas", 2, 5, 1), new TagLedger("LXE/B/X", "cas", 0, 1, 0)];
        var (_, json) = await host.GetAsync("/api/ledger/tags?prefix=LXE/A");
        var tag = Assert.Single(json.GetProperty("tags").EnumerateArray());
        Assert.Equal(("LXE/A/X", 7, 2, 5, 1), (tag.GetProperty("tag").GetString(), tag.GetProperty("received").GetInt64(), tag.GetProperty("suppressed").GetInt64(), tag.GetProperty("journaled").GetInt64(), tag.GetProperty("notGood").GetInt64()));
    }

    [GeneratedRegex("^floorgateway_[a-z_]+(\\{[a-z]+=\".*\"(,[a-z]+=\".*\")*\\})? [0-9.E+-]+$")]
    private static partial Regex SampleLine();
}
