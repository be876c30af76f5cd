using FloorGateway.Cli;
using FloorGateway.TestKit;

namespace FloorGateway.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    private static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = await CommandLineEntry.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private string Config(string text)
    {
        File.WriteAllText(folder["gateway.yaml"], text);
        return folder["gateway.yaml"];
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("demo", "--help")]
    [InlineData("run", "--help")]
    [InlineData("check", "--help")]
    [InlineData("browse", "--help")]
    [InlineData("cert", "--help")]
    [InlineData("cert", "list", "--help")]
    public async Task Every_verbs_help_tells_the_exit_codes(params string[] arguments)
    {
        var (code, output, _) = await Run(arguments);

        Assert.Equal(ExitCodes.Ok, code);
        Assert.All(ExitCodes.All, c => Assert.Contains($"{c.Code}", output, StringComparison.Ordinal));
        Assert.Contains("Exit codes:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo", "--for", "--data", "--http", "--mqtt", "--opcua", "--seed", "--time-scale")]
    [InlineData("run", "--config")]
    [InlineData("check", "--config")]
    [InlineData("browse", "--out", "--policy", "--mode", "--user", "--password-env", "--under", "--max", "--data", "--http")]
    public async Task Help_names_every_option(string verb, params string[] options)
    {
        var (_, output, _) = await Run(verb, "--help");

        Assert.All(options, option => Assert.Contains(option, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_prints_a_version()
    {
        var (code, output, _) = await Run("--version");

        Assert.Equal(ExitCodes.Ok, code);
        Assert.StartsWith("0.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo", "--for", "soon")]
    [InlineData("demo", "--time-scale", "1000")]
    [InlineData("demo", "--http", "70000")]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("chek")]
    [InlineData("browse")]
    [InlineData("browse", "http://example.com")]
    [InlineData("browse", "opc.tcp://example.com", "--policy", "None", "--mode", "Sign")]
    [InlineData("browse", "opc.tcp://example.com", "--user", "u", "--password-env", "FLOORGATEWAY_TEST_NOT_SET")]
    [InlineData("browse", "opc.tcp://example.com", "--policy", "Basic128Rsa15")]
    public async Task A_wrong_command_line_ends_with_1_and_says_why(params string[] arguments)
    {
        var (code, _, error) = await Run(arguments);

        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.NotEqual("", error);
    }

    [Fact]
    public async Task Check_prints_every_error_with_its_place_and_ends_with_1()
    {
        var file = Config("gateway: {id: a}\njournal: {flush: soon}\nservers: {s: {url: http://x}}\n");

        var (code, output, error) = await Run("check", "--config", file);

        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Equal("", output);
        var lines = error.TrimEnd().Split(Environment.NewLine);
        Assert.StartsWith($"{file}:2:18: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{file}:3:20: ", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("errors; nothing was started", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_of_a_missing_file_is_an_error()
    {
        var (code, _, error) = await Run("check", "--config", folder["none.yaml"]);

        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Contains("none.yaml is not there", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_of_a_good_file_shows_what_the_gateway_would_do()
    {
        var file = Config("""
            gateway: {id: edge-01}
            broker: {anonymous: true}
            servers: {cas: {url: "opc.tcp://127.0.0.1:48401"}}
            equipmentTypes: {Cell: {node: "ns=2;s={signal}", tags: {Speed: {}, State: {}}}}
            units: [{path: LXE/DC01, type: Cell, server: cas}]
            feeds:
              uns: {type: mqtt, url: "mqtt://127.0.0.1:1883"}
              influx: {type: influxdb, version: 1, database: plant, url: "http://127.0.0.1:8086"}
            """);

        var (code, output, error) = await Run("check", "--config", file);

        Assert.Equal("", error);
        Assert.Equal(ExitCodes.Ok, code);
        foreach (var expected in (string[])["edge-01: 2 tags of 1 unit;", "opc.tcp://127.0.0.1:48401", "Basic256Sha256 SignAndEncrypt", "MQTT 5, qos 1, retained", "database plant", "embedded history, 30d", "insecure: broker: clients need no login"])
            Assert.Contains(expected, output, StringComparison.Ordinal);
    }
}
