using FloorGateway.Historian.Influx;
using FloorGateway.Model.Ports;
using FloorGateway.TestKit.Foreign;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Foreign;

/// <summary>Against a real VictoriaMetrics, through the v2 API. It keeps what is a number; text becomes 0.</summary>
public class VictoriaMetricsTests
{
    [Fact]
    public async Task Holds_every_number_written_through_the_v2_API_after_a_kill_in_between()
    {
        // Recent times: the server drops what lies more than two days ahead of its clock.
        var mix = new SampleMix(DateTime.UtcNow.AddHours(-1).Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);
        await using var server = await VictoriaMetricsServer.StartAsync();
        await using var destination = new InfluxDestination(mix.Catalog, new() { Url = server.Url, Api = InfluxApi.V2, Org = "lxe", Bucket = "floor" });
        var samples = mix.Samples.ToArray();
        var half = samples.Length / 2;
        await DeliverAsync(destination, samples.AsMemory(0, half));
        // Its answer promises memory, not disk: what is to survive a kill is flushed first.
        await server.FlushAsync();
        await server.KillAsync();
        Assert.Equal(DeliveryOutcome.Retry, (await destination.DeliverAsync(new(0, samples.AsMemory(half), []), TestContext.Current.CancellationToken)).Outcome);
        await server.StartAgainAsync();
        await DeliverAsync(destination, samples.AsMemory(half));
        await DeliverAsync(destination, samples.AsMemory(0, half));

        var series = await server.ExportAsync("{__name__=~\"DieCastCell_.*\"}");
        foreach (var (field, (count, sum)) in mix.Expected)
        {
            // What the two-way escaping leaves: the name as it was.
            var held = series.Where(s => s.Name == $"DieCastCell_{field}").ToArray();
            var values = held.SelectMany(s => s.Values).Where(v => !field.EndsWith(".q", StringComparison.Ordinal) || v > 0).ToArray();
            Assert.Equal((field, SampleMix.Units), (field, held.Length));
            Assert.Equal((field, count), (field, values.Length));
            Assert.Equal((field, sum), (field, values.Sum()));
        }

        Assert.Equal("DC03", Assert.Single(series, s => s.Name == "DieCastCell_State" && s.Labels["cell"] == "DC03").Labels["cell"]);
        Assert.DoesNotContain("cannot unmarshal", server.Output, StringComparison.Ordinal);
    }

    private static async Task DeliverAsync(InfluxDestination destination, ReadOnlyMemory<Model.Samples.Sample> samples) =>
        Assert.Equal(DeliveryResult.Delivered, await destination.DeliverAsync(new(0, samples, []), TestContext.Current.CancellationToken));
}
