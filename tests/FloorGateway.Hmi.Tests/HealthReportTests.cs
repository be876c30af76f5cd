using FloorGateway.Hmi.Health;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Status;

namespace FloorGateway.Hmi.Tests;

public class HealthReportTests
{
    [Theory]
    [InlineData("Connected", "Running", 0, "healthy")]
    [InlineData("Connecting", "Running", 0, "degraded")]
    [InlineData("Degraded", "Running", 0, "degraded")]
    [InlineData("Disconnected", "Running", 0, "unhealthy")]
    [InlineData("Connected", "Retrying", 10, "degraded")]
    [InlineData("Connected", "Retrying", 61, "unhealthy")]
    [InlineData("Connected", "Stopped", 0, "unhealthy")]
    public void Judges_connections_and_feeds(string connection, string feed, int lagSeconds, string status) =>
        Assert.Equal(status, Of(connection, new("uns", 5, 4, 0, 1, 0, TimeSpan.FromSeconds(lagSeconds), feed, null)).Status);

    [Fact]
    public void A_ledger_that_does_not_close_is_unhealthy() =>
        Assert.Contains(Of("Connected", new("uns", 5, 4, 0, 0, 0, default, "Running", null)).Problems, p => p.Contains("does not close", StringComparison.Ordinal));

    [Fact]
    public void Refused_and_expired_samples_are_named() =>
        Assert.Equal(2, Of("Connected", new("uns", 5, 2, 1, 0, 2, default, "Running", null)).Warnings.Count);

    [Fact]
    public void A_feed_that_is_live_and_catches_up_beside_does_its_work()
    {
        var feed = new FeedLedger("uns", 500, 100, 0, 400, 0, TimeSpan.FromHours(48), "Running", null) { Backlog = 400 };
        Assert.Equal("degraded", Of("Connected", feed).Status);
        Assert.Equal("unhealthy", Of("Connected", feed with { State = "Retrying" }).Status);
        Assert.Equal("unhealthy", Of("Connected", feed with { LiveLag = TimeSpan.FromMinutes(2) }).Status);
    }

    private static HealthReport Of(string connection, FeedLedger feed)
    {
        var gateway = new FakeGateway { Connections = [new ConnectionStatus("cas", "opc.tcp://x", connection, null, "None", default, 1, new Dictionary<string, string>())] };
        return HealthReport.Of(gateway, new LedgerSnapshot([], 0, [feed]), new());
    }
}
