using System.Globalization;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using ClientUser = FloorGateway.OpcUa.Client.UserIdentity;

namespace Interop.Tests.OpcUa;

/// <summary>The policies that rest on SHA-1, against node-opcua in both roles.</summary>
public sealed class DeprecatedPolicyTests
{
    public static TheoryData<string, MessageSecurityMode> Pairs => new()
    {
        { "Basic128Rsa15", MessageSecurityMode.Sign },
        { "Basic128Rsa15", MessageSecurityMode.SignAndEncrypt },
        { "Basic256", MessageSecurityMode.Sign },
        { "Basic256", MessageSecurityMode.SignAndEncrypt },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Both_roles_speak_it_where_it_is_allowed(string policy, MessageSecurityMode mode)
    {
        using var folder = new TempDirectory();
        using var application = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "interop", ApplicationUri = "urn:localhost:interop" });
        var port = Ports.Free();
        await using var foreignServer = await JsonPeer.StartAsync("security-server.mjs", "--port", port.ToString(CultureInfo.InvariantCulture), "--pki", folder["server"], "--policies", policy);
        await using (var client = await UaClient.ConnectAsync(new UaClientOptions
        {
            EndpointUrl = $"opc.tcp://127.0.0.1:{port}",
            SecurityPolicy = SecurityPolicy.FindByName(policy)!,
            SecurityMode = mode,
            AllowDeprecatedPolicies = true,
            Certificate = application,
            TrustList = new TrustList(folder["ours"]),
            CertificateRules = new() { AutoAcceptUntrusted = true },
            User = ClientUser.Anonymous,
        }))
        {
            Assert.Equal(42, (await client.ReadValueAsync(new NodeId(1, "Value"))).Value.Boxed);
        }

        var space = new AddressSpace("urn:localhost:interop");
        space.Objects.AddVariable("Value", BuiltInType.Int32, value: Variant.From(42), nodeId: new NodeId(1, "Value"));
        await using var server = await UaServer.StartAsync(
            new UaServerOptions
            {
                ApplicationName = "interop",
                ApplicationUri = "urn:localhost:interop",
                Port = 0,
                AllowDeprecatedPolicies = true,
                Security = [new(SecurityPolicy.FindByName(policy)!, mode)],
                Certificate = application,
                CertificateValidator = new CertificateValidator(new TrustList(folder["ours"]), new() { AutoAcceptUntrusted = true }),
            },
            space);
        await using var foreignClient = await JsonPeer.StartAsync("security-client.mjs", "--pki", folder["client"]);
        var read = await foreignClient.AskAsync("read", new { url = server.EndpointUrl, policy, mode = mode.ToString(), node = "ns=1;s=Value" });
        Assert.Equal(("Good", 42), (read.GetProperty("status").GetString(), read.GetProperty("value").GetInt32()));
    }
}
