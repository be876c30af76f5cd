using System.Buffers;
using System.Net;
using System.Threading.Channels;
using FloorGateway.Net.Timing;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>One accepted connection: Hello, OpenSecureChannel, requests, end. One task owns it.</summary>
internal sealed class ServerConnection(Connection connection, ServerChannelOptions options, IServerChannelHandler handler, MessagePool pool, uint channelId, ILogger log, EventGate strangers, Action onOpened, TimeSpan? helloTimeout = null)
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Bytes of a message on a channel for discovery only. FindServers and GetEndpoints take hundreds; the peer is anybody.</summary>
    private const uint MaxDiscoveryMessage = 64 * 1024;

    private readonly TokenSet tokens = new(isServer: true);
    private readonly ServerTokenIssuer issuer = new(options);
    private string endpointUrl = "";
    private long lastInUse;
    private long handshakeStarted = options.Time.GetTimestamp();
    private TimeSpan handshakeTimeout = helloTimeout ?? options.HandshakeTimeout;
    private readonly TaskCompletionSource greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChunkReceiver? receiver;
    private OutgoingLane? lane;
    private ServerSecureChannel? channel;
    private PeerKeys? keys;
    private BreakReason? broken;

    public long AcceptedAt { get; } = options.Time.GetTimestamp();

    /// <summary>What limits per address count by; null in memory.</summary>
    public string? Address { get; } = ClientAddress.Of(connection.RemoteEndPoint);

    public EndPoint? RemoteEndPoint => connection.RemoteEndPoint;

    public NegotiatedLimits? Limits { get; private set; }

    /// <summary>Completes when the peer said Hello; never, when it does not.</summary>
    public Task Greeted => greeted.Task;

    public bool IsBroken => Volatile.Read(ref broken) is not null;

    public bool IsOpen => Volatile.Read(ref channel) is not null;

    /// <summary>True for an open channel with security: its client is known.</summary>
    public bool IsSecured => Volatile.Read(ref channel) is { Policy.IsNone: false };

    /// <summary>True when a session is activated on the channel.</summary>
    public bool IsInUse => Volatile.Read(ref channel) is { IsDiscoveryOnly: false } open && handler.IsInUse(open);

    /// <summary>Serves the connection to its end. Never throws.</summary>
    public async Task RunAsync()
    {
        Task? sending = null;
        try
        {
            if (await GreetAsync().ConfigureAwait(false))
            {
                sending = lane!.RunAsync();
                await ReceiveAsync().ConfigureAwait(false);
            }
        }
        catch (ChannelException e)
        {
            Break(e.Status, e.Message, tellClient: true);
        }
        catch (OpenRefusedException e)
        {
            Break(e.Status, e.Message, tellClient: true);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // What the pipes throw when the link breaks, or is cut from this side.
            Break(StatusCodes.BadConnectionClosed, e.Message, tellClient: false);
        }
        catch (Exception e)
        {
            Break(StatusCodes.BadInternalError, e.ToString(), tellClient: true);
        }

        var reason = broken!;
        try
        {
            await EndAsync(reason, sending).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The link broke while it was being closed; there is nobody left to tell.
        }

        receiver?.Clear();
        tokens.Clear();
        keys?.Dispose();
        if (channel is null)
        {
            if (reason.Status != StatusCodes.BadConnectionClosed && strangers.TryPass(out var heldBack))
                ChannelLog.ClientRefused(log, RemoteEndPoint, reason.Status, reason.Text, heldBack);
            return;
        }

        if (!channel.IsDiscoveryOnly || strangers.TryPass(out _))
            ChannelLog.ServerClosed(log, RemoteEndPoint, channel.Id, reason.Status, reason.Text);
        try
        {
            handler.OnChannelClosed(channel, reason.Status);
        }
        catch (Exception e)
        {
            ChannelLog.HandlerFailed(log, e, RemoteEndPoint, channel.Id);
        }
    }

    /// <summary>Looks at what time has done; called by the listener's timer.</summary>
    public void Tick()
    {
        if (IsBroken)
            return;
        var time = options.Time;
        if (!IsOpen)
        {
            if (time.GetElapsedTime(Volatile.Read(ref handshakeStarted)) > handshakeTimeout)
                Break(StatusCodes.BadTimeout, $"It opened no secure channel within {handshakeTimeout.TotalSeconds:0.#} s.", tellClient: true);
            return;
        }

        if (tokens.Newest!.IsExpired)
            Break(StatusCodes.BadSecureChannelTokenUnknown, "It did not renew its security token in time.", tellClient: true);
        CheckInUse();
        if (lane!.IsStalled(options.SendTimeout))
        {
            Break(StatusCodes.BadConnectionClosed, $"It took no data for {options.SendTimeout.TotalSeconds:0.#} s.", tellClient: false);
            connection.Abort();
        }
    }

    private void CheckInUse()
    {
        var time = options.Time;
        if (time.GetElapsedTime(Volatile.Read(ref lastInUse)) <= options.SessionlessTimeout)
            return;
        if (IsInUse)
            Volatile.Write(ref lastInUse, time.GetTimestamp());
        else
            Break(StatusCodes.BadTimeout, $"It had no session for {options.SessionlessTimeout.TotalSeconds:0.#} s.", tellClient: true);
    }

    /// <summary>From the handler of a request, which runs between two messages.</summary>
    public void AllowLargeMessages() => receiver!.LimitTo(uint.MaxValue);

    /// <summary>The one way out: the first reason counts. Safe from any thread.</summary>
    public void Break(StatusCode status, string text, bool tellClient)
    {
        if (Interlocked.CompareExchange(ref broken, new BreakReason(status, text, tellClient), null) is null)
            connection.Input.CancelPendingRead();
    }

    /// <summary>Queues a response, waiting for room; drops it when the channel is closed.</summary>
    public ValueTask SendAsync(Outgoing message)
    {
        return lane!.TryEnqueue(message) ? ValueTask.CompletedTask : Slow(message);

        async ValueTask Slow(Outgoing waiting)
        {
            try
            {
                await lane.EnqueueAsync(waiting, CancellationToken.None).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                // Nobody is there to read it any more.
            }
        }
    }

    private async Task<bool> GreetAsync()
    {
        var (header, body) = await HandshakeReader.ReadAsync(connection.Input, HelloMessage.MaxSize, CancellationToken.None).ConfigureAwait(false);
        if (body is null)
        {
            Break(StatusCodes.BadConnectionClosed, "It closed the connection before Hello.", tellClient: false);
            return false;
        }

        if (header.Type != MessageType.Hello)
            throw new ChannelException(StatusCodes.BadTcpMessageTypeInvalid, "It did not begin with Hello.");
        if (!HelloMessage.TryRead(body, out var hello))
            throw new ChannelException(StatusCodes.BadTcpEndpointUrlInvalid, "Its Hello is malformed.");
        Limits = NegotiatedLimits.FromHello(options.Limits, hello!)
            ?? throw new ChannelException(StatusCodes.BadTcpNotEnoughResources, $"It offers buffers of {hello!.ReceiveBufferSize} and {hello.SendBufferSize} bytes; the standard asks for {TransportLimits.MinBufferSize} at least.");
        endpointUrl = hello!.EndpointUrl ?? "";
        // A client that was dialled takes its time for Hello, and then as long as any other.
        if (helloTimeout is not null)
        {
            Volatile.Write(ref handshakeStarted, options.Time.GetTimestamp());
            handshakeTimeout = options.HandshakeTimeout;
        }

        greeted.TrySetResult();
        Limits.ToAcknowledge().Write(connection.Output);
        await connection.Output.FlushAsync().ConfigureAwait(false);
        receiver = new ChunkReceiver(tokens, pool, Limits, options.Time);
        lane = new OutgoingLane(connection.Output, tokens, Limits, options.Time, options.SendQueueLength, options.FirstSequence, OnSendingEnded);
        return true;
    }

    private async Task ReceiveAsync()
    {
        var input = connection.Input;
        while (!IsBroken)
        {
            var result = await input.ReadAsync().ConfigureAwait(false);
            var buffer = result.Buffer;
            try
            {
                while (!IsBroken)
                {
                    var status = FrameReader.TryRead(ref buffer, Limits!.ReceiveChunkSize, out var header, out var frame);
                    if (status == FrameStatus.Incomplete)
                        break;
                    if (status == FrameStatus.TooLarge)
                        throw new ChannelException(StatusCodes.BadTcpMessageTooLarge, $"It sent a chunk of {header.Size} bytes; {Limits.ReceiveChunkSize} were agreed.");
                    if (status == FrameStatus.Invalid)
                        throw new ChannelException(StatusCodes.BadTcpMessageTypeInvalid, "It sent something that is not OPC UA TCP.");
                    if (header.Type == MessageType.OpenSecureChannel)
                        await OpenAsync(frame.ToArray()).ConfigureAwait(false);
                    else if (Receive(header, frame) is { } message)
                        await ServeAsync(new ReceivedMessage(message)).ConfigureAwait(false);
                }
            }
            finally
            {
                input.AdvanceTo(buffer.Start, buffer.End);
            }

            if (result.IsCompleted)
                Break(StatusCodes.BadConnectionClosed, "It closed the connection.", tellClient: false);
        }
    }

    private MessageBuffer? Receive(in ChunkHeader header, in ReadOnlySequence<byte> frame)
    {
        if (channel is null || header.Type is not (MessageType.Message or MessageType.CloseSecureChannel))
            throw new ChannelException(StatusCodes.BadTcpMessageTypeInvalid, channel is null ? "It sent a message before OpenSecureChannel." : "It sent a second Hello.");
        var status = receiver!.Receive(header, frame, out var message);
        receiver.Aborted = null;
        if (status.IsBad)
        {
            throw new ChannelException(status, status.CodeBits switch
            {
                StatusCodes.BadSecurityChecksFailed => "A message's signature is not right; somebody may be changing the traffic.",
                StatusCodes.BadSequenceNumberInvalid => "A chunk was repeated or left out; somebody may be replaying the traffic.",
                StatusCodes.BadTcpMessageTooLarge => $"A message exceeds {Limits!.ReceiveMaxMessageSize} bytes or {Limits.ReceiveMaxChunkCount} chunks.",
                StatusCodes.BadSecureChannelTokenUnknown => "It used a security token that is unknown or expired.",
                StatusCodes.BadTcpSecureChannelUnknown => "It used the id of another secure channel.",
                _ => "A message can't be read.",
            });
        }

        if (message is null || header.Type != MessageType.CloseSecureChannel)
            return message;
        message.Release(message.Version);
        Break(StatusCodes.BadSecureChannelClosed, "It closed the channel.", tellClient: false);
        return null;
    }

    private async ValueTask ServeAsync(ReceivedMessage message)
    {
        try
        {
            await handler.OnRequestAsync(channel!, message).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            message.Dispose();
            ChannelLog.HandlerFailed(log, e, RemoteEndPoint, channel!.Id);
            Break(StatusCodes.BadInternalError, "A request failed in the server.", tellClient: true);
        }
    }

    private async ValueTask OpenAsync(byte[] chunk)
    {
        var granted = issuer.Accept(chunk, channelId, receiver!);
        if (granted.Client is { AutoAccepted: true, Certificate: { } certificate })
            ChannelLog.AutoAccepted(log, "client", CertificateText.Name(certificate), RemoteEndPoint?.ToString() ?? "a client in this process");
        foreach (var note in granted.Client?.Notes ?? [])
            ChannelLog.CertificateNote(log, RemoteEndPoint?.ToString() ?? "a client in this process", note.Sentence);
        tokens.Install(granted.Token);
        if (granted.Renews)
        {
            ChannelLog.ServerRenewed(log, RemoteEndPoint, channelId, granted.Token.Id, granted.Token.Lifetime);
        }
        else
        {
            keys = granted.Keys;
            receiver!.ChannelId = channelId;
            if (granted.Policy.IsNone)
                receiver.LimitTo(granted.IsDiscoveryOnly ? MaxDiscoveryMessage : options.MaxUnknownMessageSize);
            lane!.Keys = granted.Keys;
            lane.ChannelId = channelId;
            Volatile.Write(ref lastInUse, options.Time.GetTimestamp());
            Volatile.Write(ref channel, new ServerSecureChannel(this, channelId, granted.Policy, granted.Mode, granted.Keys.Own, granted.Keys.PeerDer, endpointUrl, granted.IsDiscoveryOnly));
            if (!granted.IsDiscoveryOnly || strangers.TryPass(out _))
                ChannelLog.ServerOpened(log, RemoteEndPoint, channelId, granted.Policy.Name, granted.Mode, granted.Token.Lifetime);
            onOpened();
        }

        await SendAsync(new Outgoing(MessageType.OpenSecureChannel, granted.RequestId, granted.Response)).ConfigureAwait(false);
    }

    private async Task EndAsync(BreakReason reason, Task? sending)
    {
        // The log has the details; a stranger gets the code (Part 4, 6.1.3).
        var error = reason.TellClient ? new ErrorMessage(reason.Status, reason.Status.ToString()) : null;
        if (sending is null)
        {
            if (error is not null)
            {
                error.Write(connection.Output);
                sending = connection.Output.FlushAsync().AsTask();
            }
        }
        else
        {
            lane!.Complete(error);
        }

        if (sending is not null)
        {
            try
            {
                await sending.WaitAsync(CloseTimeout, options.Time).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                connection.Abort();
                await sending.ConfigureAwait(false);
            }
        }

        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private void OnSendingEnded(Exception? error) => Break(StatusCodes.BadConnectionClosed, error?.Message ?? "The link broke.", tellClient: false);

    private sealed record BreakReason(StatusCode Status, string Text, bool TellClient);
}
