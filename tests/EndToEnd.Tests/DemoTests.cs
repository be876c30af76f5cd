using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using EndToEnd.Tests.Peers;
using FloorGateway.Configuration;
using FloorGateway.Historian.Sqlite;
using FloorGateway.TestKit;

namespace EndToEnd.Tests;

/// <summary>The demo as a visitor runs it: a process of its own with simulated equipment, broker, history and pages.</summary>
public sealed partial class DemoTests : IDisposable
{
    private readonly TempDirectory work = new();

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData("1")]
    [InlineData("10")]
    [InlineData("60")]
    public async Task Demo_stores_every_change_of_every_tag_as_the_equipment_produced_it(string timeScale)
    {
        var (code, output) = await GatewayProcess.RunAsync(
            "demo", "--for", "20s", "--http", "0", "--mqtt", "0", "--opcua", "0", "--data", work["data"], "--time-scale", timeScale);
        Assert.True(code == 0, output);
        Assert.Contains("The sums close.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("does not close", output, StringComparison.OrdinalIgnoreCase);

        var truth = await DemoTruth.ReadAsync(work["data/simulators"]);
        await using var history = new SqliteHistory(new NoTags(), new SqliteHistoryOptions { Path = work["data/history.db"] });
        var stored = await history.CountAsync(CancellationToken.None);
        Assert.Equal(TagsIn(output), stored.Count);
        var produced = 0L;
        foreach (var path in stored.Keys)
        {
            var points = await history.ReadRawAsync(path, 0, long.MaxValue, int.MaxValue, CancellationToken.None);
            var held = points.Select(point => DemoTruth.Line(point.SourceTime, point.Status, point.Value)).ToList();
            Assert.True(truth.TryGetValue(path, out var made), $"{path} is stored but was never produced");
            Assert.True(made.SequenceEqual(held), $"{path}: {held.Count} stored of {made.Count}\nonly produced: {string.Join('\n', made.Except(held).Take(3))}\nonly stored: {string.Join('\n', held.Except(made).Take(3))}");
            produced += made.Count;
        }

        Assert.True(produced > 1000, $"only {produced} changes were produced: that proves little");
        Assert.Equal(DemoConfiguration.Load().Tags.Count, stored.Count);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"The equipment produced {produced:N0} changes and the gateway received {produced:N0}."), output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vehicle_of_the_demo_is_traced_to_its_cells_and_lots_and_a_lot_to_its_vehicles()
    {
        var (code, output) = await GatewayProcess.RunAsync(
            "demo", "--for", "10s", "--http", "0", "--mqtt", "0", "--opcua", "0", "--data", work["data"], "--time-scale", "60");
        Assert.True(code == 0, output);
        var hint = TraceHint().Match(output);
        Assert.True(hint.Success, output);

        var (found, tree) = await GatewayProcess.RunAsync("trace", hint.Groups[1].Value, "--genealogy", work["data"]);
        Assert.True(found == 0, tree);
        Assert.Contains("1 pack, 12 modules, 432 cells", tree, StringComparison.Ordinal);
        Assert.Contains("casting GC-R-", tree, StringComparison.Ordinal);
        var lot = Lot().Match(tree);
        Assert.True(lot.Success, tree);
        var (_, vehicles) = await GatewayProcess.RunAsync("trace", lot.Groups[1].Value, "--genealogy", work["data"], "--all");
        Assert.Contains(hint.Groups[1].Value, vehicles, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_stopped_by_the_service_manager_ends_with_a_closed_ledger()
    {
        await using var demo = GatewayProcess.Start("demo", "--for", "3m", "--http", "0", "--mqtt", "0", "--opcua", "0", "--data", work["data"]);
        await demo.WaitForLineAsync("Ctrl-C ends it before");
        demo.Terminate();
        var code = await demo.WaitForExitAsync();
        Assert.True(code == 0, demo.Output);
        Assert.Contains("The sums close.", demo.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--http")]
    [InlineData("--mqtt")]
    [InlineData("--opcua")]
    public async Task Demo_names_the_flag_that_moves_a_busy_port(string flag)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        string[] free = ["--http", "0", "--mqtt", "0", "--opcua", "0"];
        free[Array.IndexOf(free, flag) + 1] = $"{port}";
        var (code, output) = await GatewayProcess.RunAsync(["demo", "--for", "1s", "--data", work["data"], .. free]);
        Assert.True(code == 3, output);
        Assert.Contains($"port {port} ", output, StringComparison.Ordinal);
        Assert.Contains($"{flag} PORT", output, StringComparison.Ordinal);
    }

    /// <summary>Tags of the connected servers, as the demo's first table gives them.</summary>
    private static int TagsIn(string output) => TagCount().Matches(output).Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"floorgateway trace (\S+) --genealogy")]
    private static partial Regex TraceHint();

    [GeneratedRegex(@"slurry lot (\S+)")]
    private static partial Regex Lot();

    [GeneratedRegex(@"any OPC UA client; (\d+) tags")]
    private static partial Regex TagCount();
}
