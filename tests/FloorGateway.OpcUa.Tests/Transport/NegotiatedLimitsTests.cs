using FloorGateway.OpcUa.Transport;

namespace FloorGateway.OpcUa.Tests.Transport;

public class NegotiatedLimitsTests
{
    private static readonly TransportLimits Own = new() { ReceiveBufferSize = 20_000, SendBufferSize = 30_000, MaxMessageSize = 100_000, MaxChunkCount = 9 };

    [Fact]
    public void Server_takes_the_smaller_of_each_pair_of_buffers()
    {
        var limits = NegotiatedLimits.FromHello(Own, new HelloMessage(0, 10_000, 15_000, 5, 6, null))!;
        Assert.Equal(new NegotiatedLimits(15_000, 10_000, 100_000, 9, 5, 6), limits);
        Assert.Equal(new AcknowledgeMessage(0, 15_000, 10_000, 100_000, 9), limits.ToAcknowledge());
    }

    [Fact]
    public void Client_never_sends_larger_chunks_than_the_server_takes()
    {
        var limits = NegotiatedLimits.FromAcknowledge(Own, new AcknowledgeMessage(0, 8192, 8192, 0, 0))!;
        Assert.Equal(8192u, limits.SendChunkSize);
        Assert.Equal(0u, limits.SendMaxMessageSize);
        Assert.Equal(100_000u, limits.ReceiveMaxMessageSize);
    }

    [Fact]
    public void Buffers_below_the_standard_are_refused()
    {
        Assert.Null(NegotiatedLimits.FromHello(Own, new HelloMessage(0, 8191, 65536, 0, 0, null)));
        Assert.Null(NegotiatedLimits.FromHello(Own, new HelloMessage(0, 65536, 8191, 0, 0, null)));
        Assert.Null(NegotiatedLimits.FromAcknowledge(Own, new AcknowledgeMessage(0, 8191, 8192, 0, 0)));
    }
}
