using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace Interop.Tests.OpcUa;

/// <summary>A node-opcua client writes into our server; what our side then holds is compared with what was meant.</summary>
public sealed class NodeOpcuaWriteTests(NodeOpcuaWriteTests.Desk desk) : IClassFixture<NodeOpcuaWriteTests.Desk>
{
    public static TheoryData<string> Names => [.. ZooValues.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Values_of_every_type_are_written_read_and_reported_alike(string name)
    {
        var written = await desk.Peer.AskAsync("transfer", new { from = "zoo", to = "ours", source = $"ns={desk.Zoo.Namespace};s={name}", target = $"ns=2;s={name}" });
        Assert.Equal((name, "Good"), (name, written.GetProperty("status").GetString()));
        Assert.Equal(ZooValues.Of(name), desk.Variable(name).GetValue().Value);

        // And back through the foreign decoder: the same bytes again.
        Assert.Equal(written.GetProperty("sent").GetString(), written.GetProperty("readBack").GetString());
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_refused_and_changes_nothing()
    {
        var before = desk.Variable("Scalar.Guid").GetValue().Value;
        var written = await desk.Peer.AskAsync("write", new { @as = "ours", node = "ns=2;s=Scalar.Guid", type = "String", value = "no guid" });
        Assert.Equal("BadTypeMismatch", written.GetProperty("status").GetString());
        Assert.Equal(before, desk.Variable("Scalar.Guid").GetValue().Value);
    }

    /// <summary>One foreign client between the zoo, which has the values, and a server of ours, which has places for them.</summary>
    public sealed class Desk : IAsyncLifetime
    {
        private readonly TempDirectory folder = new();
        private readonly Dictionary<string, VariableNode> variables = [];
        private readonly ApplicationCertificate certificate = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "desk", ApplicationUri = "urn:localhost:desk" });
        private UaServer? server;

        public Zoo Zoo { get; } = new();

        public JsonPeer Peer { get; private set; } = null!;

        public VariableNode Variable(string name) => variables[name];

        public async ValueTask InitializeAsync()
        {
            var space = new Space("urn:localhost:desk");
            var index = space.AddNamespace("http://desk.example/");
            var root = space.Objects.AddFolder("Desk", new NodeId(index, "Desk"));
            foreach (var name in ZooValues.Names)
            {
                var value = ZooValues.Of(name);
                var rank = value.ArrayDimensions.Length is > 0 and var dimensions ? dimensions : value.IsArray ? 1 : ValueRanks.Scalar;
                variables[name] = root.AddVariable(name, value.Type, writable: true, valueRank: rank, nodeId: new NodeId(index, name));
            }

            server = await UaServer.StartAsync(
                new() { ApplicationName = "desk", ApplicationUri = "urn:localhost:desk", Port = 0, Security = [EndpointSecurity.None], Certificate = certificate, AnonymousMayWrite = true }, space);
            await Zoo.InitializeAsync();
            Peer = await JsonPeer.StartAsync("opcua-client.mjs", "--pki", folder["pki"]);
            await Peer.AskAsync("connect", new { @as = "zoo", url = Zoo.Options().EndpointUrl });
            await Peer.AskAsync("connect", new { @as = "ours", url = server.EndpointUrl });
        }

        public async ValueTask DisposeAsync()
        {
            if (Peer is not null) await Peer.DisposeAsync();
            await Zoo.DisposeAsync();
            if (server is not null) await server.DisposeAsync();
            certificate.Dispose();
            folder.Dispose();
        }
    }
}
