using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Tests.SecureChannel;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Server;

/// <summary>A session says how long its responses may be (OPC 10000-4, 5.7.2), beside what the connection takes.</summary>
public sealed class ResponseLimitTests
{
    [Fact]
    public async Task A_response_longer_than_the_session_takes_is_a_fault_and_the_session_lives_on()
    {
        using var identity = new TestIdentity();
        var space = new Space("urn:example.org:TestServer");
        var large = space.Objects.AddVariable("Large", BuiltInType.ByteString, value: Variant.From(new byte[200_000]));
        await using var server = await UaServer.StartAsync(
            new UaServerOptions
            {
                ApplicationName = "TestServer",
                ApplicationUri = "urn:example.org:TestServer",
                Port = 0,
                Certificate = identity.Server,
                CertificateValidator = new CertificateValidator(identity.ServerTrust),
            },
            space);
        await using var client = await UaClient.ConnectAsync(new UaClientOptions
        {
            EndpointUrl = server.EndpointUrl,
            Certificate = identity.Client,
            TrustList = identity.ClientTrust,
            EncodingLimits = EncodingLimits.Default with { MaxMessageSize = 100_000 },
        });
        var refused = await Assert.ThrowsAsync<UaServiceException>(() => client.ReadValueAsync(large.Id).AsTask());
        Assert.Equal(StatusCodes.BadResponseTooLarge, refused.Status.Value);
        Assert.Equal(0, (await client.ReadValueAsync(VariableIds.Server_ServerStatus_State)).Value.AsInt32());
    }
}
