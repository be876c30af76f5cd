using FloorGateway.Configuration;
using FloorGateway.TestKit;

namespace FloorGateway.Tests.Configuration;

public sealed class DemoFileTests
{
    [Fact]
    public void The_demo_is_built_in_and_right() => Assert.NotEmpty(DemoConfiguration.Load().Tags);

    [Fact]
    public void The_demo_warns_of_nothing() =>
        Assert.Empty(new ConfigurationLoader(new EmbeddedFiles(), _ => null).Load("demo.yaml").Warnings.Select(w => w.ToString()));

    [Fact]
    public void The_file_on_disk_says_the_same_as_the_built_in_one()
    {
        var disk = new ConfigurationLoader().Load(RepositoryRoot.Combine("config", "demo.yaml"));

        Assert.Empty(disk.Errors.Select(e => e.ToString()));
        Assert.Equal(DemoConfiguration.Load().Tags.Select(t => (t.Path, t.Node, t.Server)), disk.Configuration!.Tags.Select(t => (t.Path, t.Node, t.Server)));
    }

    [Fact]
    public void Addresses_and_folder_of_a_run_replace_those_of_the_file()
    {
        var run = DemoConfiguration.Load("here", 1, 2, name => $"opc.tcp://127.0.0.1:3/{name}");

        Assert.Equal((1, 2), (run.Gateway.Http.Port, run.Broker!.Port));
        Assert.Equal("opc.tcp://127.0.0.1:3/eol", run.Servers[2].Url);
        Assert.Equal(2, run.Feeds.OfType<MqttFeedSettings>().Single().Url.Port);
        Assert.Equal(Path.GetFullPath("here"), run.Gateway.DataFolder);
    }
}
