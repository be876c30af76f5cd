using System.Collections.Concurrent;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

/// <summary>Answers FindServers with as many URLs as the request named, which makes responses of any size; keeps what it saw.</summary>
internal sealed class EchoHandler : IServerChannelHandler
{
    private readonly TaskCompletionSource<StatusCode> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int requests;

    public ConcurrentQueue<ServerSecureChannel> Channels { get; } = new();

    public Task<StatusCode> Closed => closed.Task;

    /// <summary>What the listener is told of every channel.</summary>
    public bool InUse { get; set; } = true;

    public int Requests => Volatile.Read(ref requests);

    /// <summary>When set, requests wait for it before they are answered.</summary>
    public Task? Gate { get; set; }

    public async ValueTask OnRequestAsync(ServerSecureChannel channel, ReceivedMessage message)
    {
        if (!Channels.Contains(channel))
            Channels.Enqueue(channel);
        var id = message.RequestId;
        FindServersRequest request;
        using (message)
            request = message.Decode<FindServersRequest>(EncodingLimits.Default);
        Interlocked.Increment(ref requests);
        if (Gate is { } gate)
        {
            _ = AnswerLaterAsync(gate);
            return;
        }

        await AnswerAsync();

        async Task AnswerLaterAsync(Task wait)
        {
            await wait;
            await AnswerAsync();
        }

        ValueTask AnswerAsync() => channel.SendResponseAsync(id, new FindServersResponse
        {
            ResponseHeader = new ResponseHeader { RequestHandle = request.RequestHeader.RequestHandle },
            Servers = [new ApplicationDescription { ApplicationUri = request.EndpointUrl, DiscoveryUrls = request.ServerUris }],
        });
    }

    public bool IsInUse(ServerSecureChannel channel) => InUse;

    public void OnChannelClosed(ServerSecureChannel channel, StatusCode reason) => closed.TrySetResult(reason);
}
