using FloorGateway.Configuration;
using FloorGateway.Hosting;
using FloorGateway.Tests.Configuration;

namespace FloorGateway.Tests.Hosting;

public sealed class GatewayWebTests
{
    [Theory]
    [InlineData("127.0.0.1", "", "localhost;127.0.0.1;[::1];127.0.0.1")]
    [InlineData("::1", "", "localhost;127.0.0.1;[::1];[::1]")]
    [InlineData("192.0.2.5", "", "localhost;127.0.0.1;[::1];192.0.2.5")]
    [InlineData("127.0.0.1", "edge.example.org", "localhost;127.0.0.1;[::1];127.0.0.1;edge.example.org")]
    [InlineData("0.0.0.0", "", "*")]
    [InlineData("0.0.0.0", "edge.example.org", "localhost;127.0.0.1;[::1];0.0.0.0;edge.example.org")]
    public void Pages_answer_to_their_own_names_only(string bind, string host, string expected) =>
        Assert.Equal(expected, GatewayWeb.AllowedHosts(new HttpSettings { Bind = bind, Hosts = host.Length == 0 ? [] : [host] }));

    [Fact]
    public void Further_names_come_from_the_configuration()
    {
        var loaded = Loaded.Text("gateway: {id: a, http: {hosts: [edge.example.org, b.example.org]}}\nservers: {s: {url: opc.tcp://localhost:1}}");
        Assert.Equal(["edge.example.org", "b.example.org"], loaded.Configuration!.Gateway.Http.Hosts);
    }
}
