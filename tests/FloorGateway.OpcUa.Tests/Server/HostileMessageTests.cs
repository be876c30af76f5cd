using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Tests.Encoding;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Server;

/// <summary>Messages that are sealed as they should be and hold what nobody should send, over a real connection in both directions.</summary>
public sealed class HostileMessageTests : IAsyncLifetime
{
    /// <summary>Bytes of memory that refusing one such message may cost; each declares megabytes and has a few kilobytes.</summary>
    private const long MaxAllocation = 256 * 1024;

    private const int Levels = 1000;

    /// <summary>What stands in place of a list of values, by name: the same for what a client writes and what a server answers.</summary>
    private static readonly Dictionary<string, (byte[] Values, uint Refused)> Hostile = new()
    {
        ["a million elements that are not there"] = (Wire.Bytes((ref UaWriter w) => w.WriteInt32(1_000_000)), StatusCodes.BadDecodingError),
        ["more elements than the limit"] = (Wire.Bytes((ref UaWriter w) => w.WriteInt32(1_000_001)), StatusCodes.BadEncodingLimitsExceeded),
        ["as many elements as there are numbers"] = (Wire.Bytes((ref UaWriter w) => w.WriteInt32(int.MaxValue)), StatusCodes.BadEncodingLimitsExceeded),
        ["a matrix of four billion"] = (One((ref UaWriter w) =>
        {
            w.WriteByte((byte)BuiltInType.Double | 0xC0);
            w.WriteInt32(0);
            w.WriteInt32(2);
            w.WriteInt32(65536);
            w.WriteInt32(65536);
        }), StatusCodes.BadDecodingError),
        ["a text of two gigabytes"] = (One((ref UaWriter w) =>
        {
            w.WriteByte((byte)BuiltInType.String);
            w.WriteInt32(int.MaxValue);
        }), StatusCodes.BadEncodingLimitsExceeded),
        ["a variant a thousand levels deep"] = (One((ref UaWriter w) => Repeat(ref w, (ref UaWriter level) =>
        {
            level.WriteByte((byte)BuiltInType.Variant | 0x80);
            level.WriteInt32(1);
        })), StatusCodes.BadEncodingLimitsExceeded),
        ["a data value a thousand levels deep"] = (One((ref UaWriter w) => Repeat(ref w, (ref UaWriter level) =>
        {
            level.WriteByte((byte)BuiltInType.DataValue);
            level.WriteByte(0x01);
        })), StatusCodes.BadEncodingLimitsExceeded),
        ["diagnostics a thousand levels deep"] = (One((ref UaWriter w) =>
        {
            w.WriteByte((byte)BuiltInType.DiagnosticInfo);
            Repeat(ref w, (ref UaWriter level) => level.WriteByte(0x40));
        }), StatusCodes.BadEncodingLimitsExceeded),
        ["arrays that each declare what is left"] = (One((ref UaWriter w) =>
        {
            for (var level = 0; level < 90; level++)
            {
                w.WriteByte((byte)BuiltInType.Variant | 0x80);
                w.WriteInt32((90 - level) * 5);
            }
        }), StatusCodes.BadDecodingError),
    };

    private readonly Space space = new("urn:example.com:test");
    private UaServer server = null!;

    public static TheoryData<string> Names => [.. Hostile.Keys];

    public async ValueTask InitializeAsync() => server = await UaServer.StartAsync(
        new UaServerOptions
        {
            ApplicationName = "test",
            ApplicationUri = "urn:example.com:test",
            Port = 0,
            Security = [EndpointSecurity.None],
            Certificate = ServerHarness.ServerCertificate,
        },
        space);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_request_is_refused_and_the_client_may_go_on(string name)
    {
        var (values, refused) = Hostile[name];
        await using var client = await UaClient.ConnectAsync(new UaClientOptions { EndpointUrl = server.EndpointUrl, SecurityPolicy = SecurityPolicy.None, SecurityMode = MessageSecurityMode.None });
        var call = Wire.Bytes((ref UaWriter w) =>
        {
            w.WriteInt32(1); // one call
            w.WriteNodeId(ObjectIds.Server);
            w.WriteNodeId(ObjectIds.Server);
            w.WriteRaw(values);
        });
        var error = await Assert.ThrowsAsync<UaServiceException>(() => client.InvokeAsync<CallResponse>(new RawRequest(CallRequest.BinaryId, call)).AsTask());
        Assert.Equal(refused, error.Status.CodeBits);
        Assert.True((await client.ReadValueAsync(VariableIds.Server_ServerStatus_State)).Status.IsGood);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_response_is_refused_with_a_service_exception(string name)
    {
        var (values, refused) = Hostile[name];
        var pool = new MessagePool();
        var encoded = Wire.Bytes((ref UaWriter w) =>
        {
            w.WriteNodeId(CallResponse.BinaryId);
            new ResponseHeader().Encode(ref w);
            w.WriteInt32(1); // one result
            w.WriteStatusCode(default);
            w.WriteInt32(0); // no results of arguments
            w.WriteInt32(0); // nor their diagnostics
            w.WriteRaw(values);
        });
        var buffer = pool.Rent(encoded.Length);
        encoded.CopyTo(buffer.Array, 0);
        var reader = new UaReader(encoded);
        Assert.True(MessageCodec.TryReadTypeId(ref reader, out var typeId));
        (buffer.Length, buffer.TypeId, buffer.TypeIdLength) = (encoded.Length, typeId, reader.Position);
        using var message = new ReceivedMessage(buffer);
        var error = Assert.Throws<UaServiceException>(() => SessionServices.Decode<CallResponse>(message, new CallRequest(), new UaClientOptions { EndpointUrl = "opc.tcp://localhost:4840" }));
        Assert.Equal(refused, error.Status.CodeBits);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Refusing_takes_memory_by_what_was_sent_and_not_by_what_was_declared(string name)
    {
        var (values, _) = Hostile[name];
        Allocated(values); // what the runtime makes once
        Assert.InRange(Allocated(values), 0, MaxAllocation);
    }

    private static long Allocated(byte[] values)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new UaReader(values);
        reader.ReadVariantArray();
        Assert.True(reader.Failed);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static byte[] One(Wire.Writing value) => Wire.Bytes((ref UaWriter w) =>
    {
        w.WriteInt32(1);
        value(ref w);
    });

    private static void Repeat(ref UaWriter w, Wire.Writing level)
    {
        for (var i = 0; i < Levels; i++)
            level(ref w);
        w.WriteByte(0);
    }

    /// <summary>A request whose body is anything.</summary>
    private sealed class RawRequest(uint id, byte[] body) : IUaRequest
    {
        public RequestHeader RequestHeader { get; set; } = new();

        public uint BinaryEncodingId => id;

        public void Encode(ref UaWriter w)
        {
            RequestHeader.Encode(ref w);
            w.WriteRaw(body);
        }
    }
}
