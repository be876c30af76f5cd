using FloorGateway.Cli;
using FloorGateway.Configuration;
using FloorGateway.Connectors.OpcUa;
using FloorGateway.Model.Values;
using FloorGateway.TestKit;

namespace FloorGateway.Tests.Cli;

/// <summary>What browse writes is loaded back: the loader is the judge.</summary>
public sealed class BrowseConfigWriterTests : IDisposable
{
    private const string Uri = "nsu=http://example.com/UA/;";
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    private static BrowsedVariable Variable(string node, params string[] path) => new(node, path) { DataType = "Double" };

    private GatewayConfiguration LoadBack(BrowseOptions options, params BrowsedVariable[] variables)
    {
        var file = folder["gateway.yaml"];
        File.WriteAllText(file, BrowseConfigWriter.Write(options, "Counted Source", variables));
        var result = new ConfigurationLoader(new DiskFiles(), _ => "secret").Load(file);
        Assert.Empty(result.Errors.Concat(result.Warnings).Select(e => e.ToString()));
        return result.Configuration!;
    }

    private BrowseOptions Local => new() { Url = new Uri("opc.tcp://127.0.0.1:4840/UA"), OutputFile = folder["gateway.yaml"], DataFolder = folder["data"], HttpPort = 81 };

    [Fact]
    public void Address_security_login_and_folders_are_those_of_the_browse()
    {
        var loaded = LoadBack(Local with { Policy = SecurityPolicyChoice.Aes256_Sha256_RsaPss, Mode = SecurityModeChoice.Sign, User = "me", PasswordEnv = "PW" }, Variable(Uri + "s=A", "A"));

        var server = Assert.Single(loaded.Servers);
        Assert.Equal("opc.tcp://127.0.0.1:4840/UA", server.Url);
        Assert.Equal((SecurityPolicyChoice.Aes256_Sha256_RsaPss, SecurityModeChoice.Sign), (server.Security.Policy, server.Security.Mode));
        Assert.Equal(("me", "secret"), (server.User!.Name, server.User.Password!.Value));
        Assert.Equal((folder["data"], 81), (loaded.Gateway.DataFolder, loaded.Gateway.Http.Port));
        Assert.Equal(folder["data/pki"], loaded.Gateway.PkiFolder);
    }

    [Fact]
    public void A_remote_insecure_server_is_allowed_in_writing() =>
        Assert.True(LoadBack(Local with { Url = new Uri("opc.tcp://192.0.2.1:4840"), Policy = SecurityPolicyChoice.None, Mode = SecurityModeChoice.None }, Variable(Uri + "s=A", "A")).Servers[0].AllowInsecure);

    [Fact]
    public void Names_are_tidy_and_unique_without_what_all_paths_share()
    {
        var loaded = LoadBack(
            Local,
            Variable(Uri + "s=1", "2:Plant", "2:Press", "Shot Velocity [m/s]"),
            Variable(Uri + "s=2", "2:Plant", "2:Press", "Shot/Velocity (m/s)"),
            Variable(Uri + "s=3", "2:Plant", "2:Press", "Zone", "1"),
            Variable(Uri + "s=4", "2:Plant", "2:Press", "炉温"),
            Variable(Uri + "s=5", "2:Plant", "2:Press", "?!"));

        Assert.Equal(["Shot_Velocity_m_s", "Shot_Velocity_m_s_2", "Zone.1", "炉温", "Value"], loaded.Tags.Select(t => t.Signal));
    }

    [Theory]
    [InlineData(Uri + "s=a{b}c")]
    [InlineData(Uri + "s=\"DB_1\".\"Speed\"[3]: # & * 'x' \\ ü 😀")]
    [InlineData("ns=3;i=77")]
    [InlineData("i=2258")]
    [InlineData(Uri + "g=72962b91-fa75-4ae6-8d28-b404dc7daf63")]
    [InlineData(Uri + "b=AAEC")]
    public void Every_node_id_comes_back_as_it_was(string node) => Assert.Equal(node, Assert.Single(LoadBack(Local, Variable(node, "A")).Tags).Node);

    [Fact]
    public void Nodes_of_two_namespaces_keep_theirs() =>
        Assert.Equal([Uri + "s=A", "nsu=urn:other;s=A"], LoadBack(Local, Variable(Uri + "s=A", "A"), Variable("nsu=urn:other;s=A", "B")).Tags.Select(t => t.Node));

    [Fact]
    public void Type_unit_range_sampling_and_description_are_kept()
    {
        var tag = Assert.Single(LoadBack(Local, Variable(Uri + "s=A", "A") with { ValueRank = 1, UnitCode = "MTS", Low = 0, High = 7.5, MinimumSamplingInterval = 20, Description = "Two\nlines: \"quoted\"" }).Tags);

        Assert.Equal((ValueKind.Array, ValueKind.Double), (tag.Kind, tag.ElementKind));
        Assert.Equal(("MTS", 0, 7.5), (tag.UnitCode, tag.Low, tag.High));
        Assert.Equal(TimeSpan.FromMilliseconds(20), tag.Sampling);
        Assert.Equal("Two lines: \"quoted\"", tag.Description);
    }

    [Fact]
    public void What_the_gateway_does_not_know_is_left_to_the_server()
    {
        var tag = Assert.Single(LoadBack(Local, Variable(Uri + "s=A", "A") with { DataType = "ShotCurveDataType", UnitCode = "XYZ", Low = 0, High = 0, ValueRank = -2 }).Tags);

        Assert.Equal((ValueKind.Null, null, double.NaN), (tag.Kind, tag.UnitCode, tag.Low));
    }

    [Fact]
    public void Every_change_is_asked_for()
    {
        var tag = Assert.Single(LoadBack(Local, Variable(Uri + "s=A", "A")).Tags);

        Assert.Equal(TimeSpan.Zero, tag.Sampling);
        Assert.Equal(100, tag.Queue);
    }
}
