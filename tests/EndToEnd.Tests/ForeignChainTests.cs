using EndToEnd.Tests.Peers;

namespace EndToEnd.Tests;

/// <summary>
/// node-opcua → gateway → mosquitto, InfluxDB and VictoriaMetrics, all real. The oracle is what the source says it produced. The length of the runs is
/// 20 s, or FLOORGATEWAY_CHAIN_SECONDS.
/// </summary>
public sealed class ForeignChainTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("FLOORGATEWAY_CHAIN_SECONDS") ?? "20"));

    [Fact]
    public async Task Counts_and_sums_in_every_store_equal_what_the_source_produced()
    {
        await using var chain = await ForeignChain.StartAsync();
        await using var gateway = await chain.StartGatewayAsync();
        var truth = await chain.RunSourceAsync(Length);
        await chain.WaitUntilDeliveredAsync(gateway);
        await chain.AssertStoresEqualAsync(truth);
        await chain.AssertRetainedEqualsLastAsync(truth);
        await chain.StopGatewayAsync(gateway);
    }

    [Fact]
    public async Task Outages_of_the_broker_and_of_each_store_lose_and_double_nothing()
    {
        await using var chain = await ForeignChain.StartAsync();
        await using var gateway = await chain.StartGatewayAsync();
        var outage = Length / 6;
        await chain.Source.StartChangesAsync(Length);
        await Task.Delay(outage / 2);
        await chain.Broker.StopAsync();
        await Task.Delay(outage);
        await chain.Broker.StartAgainAsync();
        await chain.Influx.StopAsync();
        await Task.Delay(outage);
        await chain.Influx.StartAgainAsync();
        await chain.Victoria.StopAsync();
        await Task.Delay(outage);
        await chain.Victoria.StartAgainAsync();
        var truth = await chain.Source.FinishAsync(Length + TimeSpan.FromSeconds(60));
        await chain.WaitUntilDeliveredAsync(gateway);
        await chain.AssertStoresEqualAsync(truth);
        await chain.AssertRetainedEqualsLastAsync(truth);
        await chain.StopGatewayAsync(gateway);
    }

    [Fact]
    public async Task After_a_kill_the_subscriptions_go_on_and_nothing_is_lost_or_doubled()
    {
        await using var chain = await ForeignChain.StartAsync(queue: 5000);
        Truth truth;
        await using (var gateway = await chain.StartGatewayAsync())
        {
            await chain.Source.StartChangesAsync(Length);
            await Task.Delay(Length / 4);
            // The stores are gone before the kill, so that what was received lies in the journal alone.
            await chain.Influx.StopAsync();
            await chain.Victoria.StopAsync();
            await Task.Delay(Length / 8);
            await gateway.KillAsync();
        }

        await Task.Delay(Length / 8);
        await chain.Influx.StartAgainAsync();
        await chain.Victoria.StartAgainAsync();
        await using (var gateway = await chain.StartGatewayAsync())
        {
            truth = await chain.Source.FinishAsync(Length + TimeSpan.FromSeconds(60));
            await chain.WaitUntilDeliveredAsync(gateway);
            Assert.Equal([], await chain.Influx.GapsAsync());
            await chain.AssertStoresEqualAsync(truth);
            await chain.AssertJournaledOnceAsync(truth);
            await chain.StopGatewayAsync(gateway);
        }
    }
}
