using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public class ChannelRoundTripTests
{
    public static TheoryData<string, MessageSecurityMode> Pairs()
    {
        var data = new TheoryData<string, MessageSecurityMode>();
        foreach (var (policy, mode) in ChannelPair.AllEndpoints)
            data.Add(policy.Name, mode);
        return data;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Carries_requests_in_memory(string policy, MessageSecurityMode mode)
    {
        await using var pair = new ChannelPair();
        await using (var channel = await pair.OpenAsync(SecurityPolicy.FindByName(policy)!, mode))
        {
            for (var i = 0; i < 40; i++)
                Assert.Equal($"text {new string('x', i)}", (await ChannelPair.AskAsync(channel, $"text {new string('x', i)}")).Text);
            Assert.Equal(mode, Assert.Single(pair.Handler.Channels).Mode);
            Assert.Equal(0, channel.OutstandingMessages);
        }

        Assert.Equal(StatusCodes.BadSecureChannelClosed, (await pair.Handler.Closed).Value);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Carries_chunked_requests_both_ways_over_tcp(string policy, MessageSecurityMode mode)
    {
        await using var pair = new ChannelPair();
        await pair.ListenAsync();
        var options = pair.TcpOptions(SecurityPolicy.FindByName(policy)!, mode) with { Limits = new() { ReceiveBufferSize = 8192, SendBufferSize = 8200 } };
        await using var channel = await ClientSecureChannel.OpenAsync(options, CancellationToken.None);
        for (var size = 8000; size < 8300; size += 7)
        {
            var text = new string('y', size);
            Assert.Equal(text, (await ChannelPair.AskAsync(channel, text)).Text);
        }

        string[] many = [.. Enumerable.Range(0, 20_000).Select(i => $"urn:example.org:{i}")];
        Assert.Equal(many, (await ChannelPair.AskAsync(channel, "many", many)).Uris);
        Assert.Equal(0, channel.OutstandingMessages);
    }

    [Theory]
    [InlineData("Basic256Sha256")]
    [InlineData("Aes128_Sha256_RsaOaep")]
    [InlineData("Aes256_Sha256_RsaPss")]
    public async Task Opens_with_keys_over_2048_bits(string policy)
    {
        await using var pair = new ChannelPair(new TestIdentity(largeKeys: true));
        await using var channel = await pair.OpenAsync(SecurityPolicy.FindByName(policy)!, MessageSecurityMode.SignAndEncrypt);
        Assert.Equal("4096 to 3072", (await ChannelPair.AskAsync(channel, "4096 to 3072")).Text);
    }

    [Fact]
    public async Task Matches_responses_to_requests_that_are_answered_together()
    {
        await using var pair = new ChannelPair();
        var gate = new TaskCompletionSource();
        pair.Handler.Gate = gate.Task;
        await using var channel = await pair.OpenAsync(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt);
        var asked = Enumerable.Range(0, 500).Select(i => ChannelPair.AskAsync(channel, $"r{i}")).ToArray();
        gate.SetResult();
        var answers = await Task.WhenAll(asked);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"r{i}"), answers.Select(a => a.Text));
        Assert.Equal(0, channel.InFlight);
    }
}
