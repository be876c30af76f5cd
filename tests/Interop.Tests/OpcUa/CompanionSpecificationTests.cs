using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.AddressSpace.NodeSets;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace Interop.Tests.OpcUa;

/// <summary>A node-opcua client on a server of ours with companion specifications and instances of their types.</summary>
public sealed class CompanionSpecificationTests
{
    private static readonly string[] Files =
    [
        "Opc.Ua.Di.NodeSet2.xml", "Opc.Ua.IA.NodeSet2.xml", "Opc.Ua.AMB.NodeSet2.xml", "Opc.Ua.Machinery.NodeSet2.xml", "Opc.Ua.Machinery_Result.NodeSet2.xml",
        "Opc.Ua.PackML.NodeSet2.xml", "Opc.Ua.Ijt.Base.NodeSet2.xml", "Opc.Ua.Ijt.Tightening.NodeSet2.xml", "Opc.Ua.Robotics.NodeSet2.xml",
    ];

    [Fact]
    public async Task A_foreign_client_explores_companion_specifications_and_instances_without_an_error()
    {
        using var folder = new TempDirectory();
        using var certificate = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "cell", ApplicationUri = "urn:localhost:cell" });
        var space = new AddressSpace("urn:localhost:cell");
        space.AddNamespace("http://example.com/cell/");
        space.LoadNodeSets(Files.Select(f => RepositoryRoot.Combine("tests", "node_modules", "node-opcua-nodesets", "nodesets", f)));
        var press = space.Objects.AddObject("Press");
        new Instance(press).AddAddIn(space.FindType("http://opcfoundation.org/UA/Machinery/", "MachineIdentificationType").Id).Set("SerialNumber", Variant.From("4711"));
        space.FindType("http://opcfoundation.org/UA/PackML/", "PackMLBaseObjectType").Instantiate(press, "PackML", new() { AllOptional = true });
        space.FindType("http://opcfoundation.org/UA/Robotics/", "MotionDeviceSystemType").Instantiate(press, "Robot");
        space.FindType("http://opcfoundation.org/UA/IJT/Base/", "JoiningSystemType").Instantiate(press, "Joining", new() { AllOptional = true });
        await using var server = await UaServer.StartAsync(
            new() { ApplicationName = "cell", ApplicationUri = "urn:localhost:cell", Port = 0, HostName = "127.0.0.1", Security = [EndpointSecurity.None], Certificate = certificate }, space);
        await using var peer = await JsonPeer.StartAsync("opcua-client.mjs", "--pki", folder["pki"]);
        await peer.AskAsync("connect", new { @as = "desk", url = server.EndpointUrl });

        var found = await peer.AskAsync("explore", new { @as = "desk" });
        var bad = found.GetProperty("bad").EnumerateArray()
            .Select(b => (Node: NodeId.Parse(b.GetProperty("node").GetString()!.Replace("ns=0;", "", StringComparison.Ordinal)), Text: b.ToString(), Status: b.GetProperty("status").GetString()))
            // Values nobody has set yet, those whose permissions keep them from anonymous users, and those switched off.
            .Where(b => b.Status is not ("BadWaitingForInitialData" or "BadNotReadable") || b.Node.NamespaceIndex == 0 && b.Status == "BadWaitingForInitialData")
            .Where(b => !(b.Status == "BadUserAccessDenied" && space.Find(b.Node)?.Access is not null))
            .Select(b => b.Text)
            .ToArray();
        Assert.True(bad.Length == 0, $"{bad.Length} of {found.GetProperty("nodes")} nodes:\n{string.Join('\n', bad.Take(40))}");
        Assert.InRange(found.GetProperty("nodes").GetInt32(), 6000, 20_000);
        await peer.AskAsync("disconnect", new { @as = "desk" });
    }
}
