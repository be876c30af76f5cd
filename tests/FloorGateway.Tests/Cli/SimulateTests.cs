using System.Net;
using System.Net.Sockets;
using FloorGateway.Cli;
using FloorGateway.Simulators;
using FloorGateway.TestKit;

namespace FloorGateway.Tests.Cli;

public sealed class SimulateTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLineEntry.RunAsync(["simulate", .. arguments], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    [Fact]
    public async Task List_shows_units_and_for_a_unit_its_signals_and_faults()
    {
        var (code, output, _) = await RunAsync("list");
        Assert.Equal(0, code);
        Assert.Contains("DieCastCell", output, StringComparison.Ordinal);
        (code, output, _) = await RunAsync("list", "--unit", "DC01");
        Assert.Equal(0, code);
        Assert.All((string[])["PRESS/Shot.Velocity", "MTS", "F11", "vacuum-leak"], word => Assert.Contains(word, output, StringComparison.Ordinal));
        Assert.DoesNotContain("TighteningStation", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_unit_of_a_type_that_the_profile_lacks_is_shown_too()
    {
        var (code, output, _) = await RunAsync("list", "--unit", "PE01");
        Assert.Equal(0, code);
        Assert.Contains("PackEndOfLine", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no profile 'dmeo'; did you mean 'demo'?", "list", "--profile", "dmeo")]
    [InlineData("profile 'demo' has no unit 'DC1'; did you mean 'DC01'?", "run", "--unit", "DC1")]
    [InlineData("there is no recording", "run", "--replay", "nowhere.jsonl")]
    [InlineData("a recording takes no faults", "run", "--replay", "nowhere.jsonl", "--faults", "f.yaml")]
    [InlineData("fault script nowhere.yaml", "run", "--faults", "nowhere.yaml")]
    [InlineData("a fault needs --unit", "fault", "--url", "opc.tcp://127.0.0.1:1", "--fault", "F1")]
    [InlineData("nowhere.jsonl", "truth", "nowhere.jsonl")]
    public async Task What_cannot_be_done_is_said_with_its_remedy(string message, params string[] arguments)
    {
        var (code, _, error) = await RunAsync(arguments);
        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_named_before_anything_starts()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (code, _, error) = await RunAsync("run", "--unit", "TT01", "--for", "1s", "--opcua", $"{port}", "--data", folder["data"]);
        Assert.Equal(ExitCodes.PortBusy, code);
        Assert.Contains($"port {port} of server", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_records_what_truth_checks_and_a_replay_publishes_again()
    {
        var file = folder["run.jsonl"];
        var (code, output, error) = await RunAsync("run", "--unit", "TT01", "--scale", "60", "--for", "600ms", "--opcua", "0", "--data", folder["data"], "--record", file);
        Assert.True(code == 0, output + error);
        Assert.Contains("opc.tcp://localhost:", output, StringComparison.Ordinal);
        Assert.Contains(file, output, StringComparison.Ordinal);
        (code, output, error) = await RunAsync("truth", file, "--compare", file);
        Assert.True(code == 0, output + error);
        Assert.Contains("The summary beside the file says the same.", output, StringComparison.Ordinal);
        Assert.Contains("Both files tell the same run", output, StringComparison.Ordinal);
        (code, output, error) = await RunAsync("run", "--replay", file, "--scale", "10", "--opcua", "0", "--data", folder["data"]);
        Assert.True(code == 0, output + error);
        Assert.Contains("changes published again", output, StringComparison.Ordinal);
        Assert.DoesNotContain("left out", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_is_injected_shown_and_cleared_through_the_server()
    {
        await using var simulation = await Simulation.StartAsync(
            new() { DataDir = folder.Path, WaitForBegin = true, Servers = [new() { Name = "asm", Port = 0, Units = ["TT01"] }] },
            cancellationToken: TestContext.Current.CancellationToken);
        string[] at = ["fault", "--url", simulation.Servers[0].EndpointUrl];
        var (code, output, error) = await RunAsync([.. at, "--unit", "TT01", "--signal", "ToolTemp", "--fault", "stuck", "--param", "30", "--for", "5m"]);
        Assert.True(code == 0, output + error);
        (_, output, _) = await RunAsync(at);
        Assert.Equal("TT01/ToolTemp F1 30", output.Trim());
        (code, _, error) = await RunAsync([.. at, "--unit", "TT01", "--fault", "F99"]);
        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Contains("TT01 has no fault F99; write one of: F1, F2", error, StringComparison.Ordinal);
        (_, output, _) = await RunAsync([.. at, "--clear"]);
        Assert.Equal("1 ended", output.Trim());
        (_, output, _) = await RunAsync(at);
        Assert.Equal("no fault is at work", output.Trim());
    }
}
