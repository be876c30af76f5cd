using System.Buffers;
using System.Threading.Channels;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>
/// The client's end of a secure channel on its own connection. Any number of requests may be in flight from any number of threads;
/// the token renews itself. A channel that broke stays broken: <see cref="Closed"/> says why, and the owner opens another.
/// </summary>
public sealed class ClientSecureChannel : IAsyncDisposable
{
    /// <summary>How often deadlines and renewal are looked at.</summary>
    public static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly ClientChannelOptions options;
    private readonly Connection connection;
    private readonly TcpConnector? connector;
    private readonly NegotiatedLimits limits;
    private readonly PeerKeys keys;
    private readonly ILogger log;
    private readonly MessagePool pool = new();
    private readonly PendingRequests pending;
    private readonly TokenSet tokens = new(isServer: false);
    private readonly ChunkReceiver receiver;
    private readonly OutgoingLane lane;
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ChannelException> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClientTokenRequest? tokenRequest;
    private ChannelException? closeReason;
    private ITimer? timer;
    private Task running = Task.CompletedTask;
    private int disposed;

    private ClientSecureChannel(ClientChannelOptions options, Connection connection, TcpConnector? connector, NegotiatedLimits limits, PeerKeys keys)
    {
        (this.options, this.connection, this.connector, this.limits, this.keys) = (options, connection, connector, limits, keys);
        log = (options.Loggers ?? NullLoggerFactory.Instance).CreateLogger<ClientSecureChannel>();
        pending = new PendingRequests(options.LastRequestId);
        receiver = new ChunkReceiver(tokens, pool, limits, options.Time);
        lane = new OutgoingLane(connection.Output, tokens, limits, options.Time, options.SendQueueLength, options.FirstSequence, OnSendingEnded, inline: true) { Keys = keys };
    }

    /// <summary>The id the server gave the channel.</summary>
    public uint Id => receiver.ChannelId;

    public SecurityPolicy Policy => options.Policy;

    public MessageSecurityMode Mode => options.Mode;

    /// <summary>The own certificate the channel was opened with; null with policy None.</summary>
    public ApplicationCertificate? Certificate => keys.Own;

    /// <summary>The id of the token in use; the server gives each renewal another.</summary>
    public uint TokenId => tokens.ForSending?.Id ?? 0;

    /// <summary>The life the server granted the token.</summary>
    public TimeSpan TokenLifetime => tokens.ForSending?.Lifetime ?? default;

    /// <summary>What was agreed on in Hello and Acknowledge.</summary>
    public NegotiatedLimits Limits => limits;

    /// <summary>Completes, never faults, with the reason once the channel is closed.</summary>
    public Task<ChannelException> Closed => closed.Task;

    /// <summary>Requests waiting for their response.</summary>
    public int InFlight => pending.Count;

    /// <summary>Received messages that were not disposed yet.</summary>
    internal int OutstandingMessages => pool.Outstanding;

    /// <summary>Connects, says Hello and opens a channel.</summary>
    /// <exception cref="ChannelException">With the status and what to do.</exception>
    public static async Task<ClientSecureChannel> OpenAsync(ClientChannelOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var keys = ClientHandshake.CheckSecurity(options);
        using var deadline = new CancellationTokenSource(options.OpenTimeout, options.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            var (connection, connector) = await ClientHandshake.ConnectAsync(options, linked.Token).ConfigureAwait(false);
            NegotiatedLimits limits;
            try
            {
                limits = await ClientHandshake.GreetAsync(connection, options, linked.Token).ConfigureAwait(false);
            }
            catch
            {
                connection.Abort();
                await connection.DisposeAsync().ConfigureAwait(false);
                connector?.Dispose();
                throw;
            }

            var channel = new ClientSecureChannel(options, connection, connector, limits, keys);
            try
            {
                channel.Start();
                await channel.opened.Task.WaitAsync(linked.Token).ConfigureAwait(false);
                return channel;
            }
            catch
            {
                await channel.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new ChannelException(StatusCodes.BadTimeout, $"{options.EndpointUrl} opened no secure channel within {options.OpenTimeout.TotalSeconds:0.#} s: check that an OPC UA server runs there and is not overloaded.", e);
        }
    }

    /// <summary>
    /// Sends a request and waits for its response, which the caller disposes. The response may be a ServiceFault: look at
    /// <see cref="ReceivedMessage.TypeId"/>. The header is sent as the caller filled it.
    /// </summary>
    /// <exception cref="ChannelException">BadRequestTimeout, BadRequestTooLarge, BadResponseTooLarge, or why the channel closed.</exception>
    public ValueTask<ReceivedMessage> RequestAsync(IUaRequest request, CancellationToken cancel) => RequestAsync(request, options.RequestTimeout, cancel);

    /// <summary>As above with a time limit of its own; <see cref="Timeout.InfiniteTimeSpan"/> for none.</summary>
    public ValueTask<ReceivedMessage> RequestAsync(IUaRequest request, TimeSpan timeout, CancellationToken cancel) => RequestAsync(request, timeout, inline: false, cancel);

    /// <summary>As above; see <see cref="PendingRequest.Inline"/>.</summary>
    internal ValueTask<ReceivedMessage> RequestAsync(IUaRequest request, TimeSpan timeout, bool inline, CancellationToken cancel)
    {
        var body = MessageBody.Rent();
        try
        {
            MessageCodec.Encode(body, request);
        }
        catch
        {
            body.Dispose();
            throw;
        }

        return RequestAsync(body, timeout, inline, cancel);
    }

    /// <summary>Sends a message that the caller encoded, type id first. The channel takes the body over.</summary>
    public ValueTask<ReceivedMessage> RequestAsync(MessageBody body, TimeSpan timeout, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(body);
        return RequestAsync(body, timeout, inline: false, cancel);
    }

    private ValueTask<ReceivedMessage> RequestAsync(MessageBody body, TimeSpan timeout, bool inline, CancellationToken cancel)
    {
        PendingRequest request;
        try
        {
            cancel.ThrowIfCancellationRequested();
            var crypto = tokens.ForSending!.Sending;
            if (!ChunkWriter.Fits(body.Length, crypto, limits))
                throw new ChannelException(StatusCodes.BadRequestTooLarge, $"{options.EndpointUrl}: a request of {body.Length} bytes exceeds what the server takes ({limits.SendMaxMessageSize} bytes, {limits.SendMaxChunkCount} chunks): send less at once.");
            request = pending.Add(DeadlineAfter(timeout), inline, cancel);
        }
        catch
        {
            body.Dispose();
            throw;
        }

        var response = request.Task;
        var message = new Outgoing(MessageType.Message, request.Id, body);
        return lane.TryEnqueue(message) ? response : EnqueueAsync(message, response, cancel);
    }

    /// <summary>Closes the channel (CloseSecureChannel) and the connection. Requests in flight fail.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            if (tokens.ForSending is not null && closeReason is null)
            {
                var body = MessageBody.Rent();
                MessageCodec.Encode(body, new CloseSecureChannelRequest { RequestHeader = new RequestHeader { Timestamp = options.Time.GetUtcNow().UtcDateTime } });
                if (!lane.TryEnqueue(new Outgoing(MessageType.CloseSecureChannel, pending.NextId(), body)))
                    body.Dispose();
            }

            Break(new ChannelException(StatusCodes.BadSecureChannelClosed, $"{options.EndpointUrl}: the secure channel was closed by this client."));
        }

        await running.ConfigureAwait(false);
    }

    private void Start()
    {
        timer = options.Time.CreateTimer(static state => ((ClientSecureChannel)state!).OnTick(), this, TickInterval, TickInterval);
        running = RunAsync();
        RequestToken(renews: false);
    }

    private async Task RunAsync()
    {
        var sending = lane.RunAsync();
        try
        {
            await ReceiveAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Break(e as ChannelException ?? ClientErrors.Lost(options, e, opened.Task.IsCompletedSuccessfully));
        }

        var reason = closeReason!;
        if (timer is not null)
            await timer.DisposeAsync().ConfigureAwait(false);
        lane.Complete();
        try
        {
            await sending.WaitAsync(CloseTimeout, options.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            connection.Abort();
            await sending.ConfigureAwait(false);
        }

        await connection.DisposeAsync().ConfigureAwait(false);
        connector?.Dispose();
        receiver.Clear();
        tokens.Clear();
        keys.Dispose();
        pending.Close(reason);
        if (opened.Task.IsCompletedSuccessfully)
            ChannelLog.ClientClosed(log, options.EndpointUrl, Id, reason.Status, reason.Message);
        opened.TrySetException(reason);
        // Nobody may be waiting for it: the reason is in Closed as well.
        _ = opened.Task.Exception;
        closed.TrySetResult(reason);
    }

    private async Task ReceiveAsync()
    {
        var input = connection.Input;
        while (closeReason is null)
        {
            var result = await input.ReadAsync().ConfigureAwait(false);
            var buffer = result.Buffer;
            try
            {
                while (closeReason is null)
                {
                    var status = FrameReader.TryRead(ref buffer, limits.ReceiveChunkSize, out var header, out var frame);
                    if (status == FrameStatus.Incomplete)
                        break;
                    if (status != FrameStatus.Complete)
                        throw ClientErrors.Protocol(options, status == FrameStatus.TooLarge ? StatusCodes.BadTcpMessageTooLarge : StatusCodes.BadTcpMessageTypeInvalid);
                    Handle(header, frame);
                }
            }
            finally
            {
                input.AdvanceTo(buffer.Start, buffer.End);
            }

            if (result.IsCompleted)
                Break(ClientErrors.Lost(options, null, opened.Task.IsCompletedSuccessfully));
        }
    }

    private void Handle(in ChunkHeader header, in ReadOnlySequence<byte> frame)
    {
        switch (header.Type)
        {
            case MessageType.Message:
                var status = receiver.Receive(header, frame, out var message);
                if (status.IsBad)
                    throw ClientErrors.Protocol(options, status);
                if (receiver.Aborted is var (requestId, error))
                {
                    receiver.Aborted = null;
                    pending.Take(requestId)?.Fail(ClientErrors.FromAbort(options, error));
                }

                if (message is null)
                    return;
                if (pending.Take(message.RequestId) is { } request)
                    request.Complete(new ReceivedMessage(message));
                else
                    message.Release(message.Version);
                return;
            case MessageType.OpenSecureChannel:
                AcceptToken(frame);
                return;
            case MessageType.Error:
                var body = frame.Slice(ChunkHeader.Length).ToArray();
                throw ErrorMessage.TryRead(body, out var refusal)
                    ? ClientErrors.Refused(options, refusal!.Error, refusal.Reason)
                    : ClientErrors.Protocol(options, StatusCodes.BadTcpMessageTypeInvalid);
            default:
                throw ClientErrors.Protocol(options, StatusCodes.BadTcpMessageTypeInvalid);
        }
    }

    private void AcceptToken(in ReadOnlySequence<byte> frame)
    {
        var request = tokenRequest ?? throw ClientErrors.Protocol(options, StatusCodes.BadTcpMessageTypeInvalid, "opened a channel that was not asked for");
        var (token, channelId) = request.Accept(frame, receiver);
        if (request.Renews && channelId != receiver.ChannelId)
            throw ClientErrors.Protocol(options, StatusCodes.BadTcpSecureChannelUnknown);
        receiver.ChannelId = channelId;
        lane.ChannelId = channelId;
        tokens.Install(token);
        Volatile.Write(ref tokenRequest, null);
        if (request.Renews)
            ChannelLog.ClientRenewed(log, options.EndpointUrl, channelId, token.Id, token.Lifetime);
        else
            ChannelLog.ClientOpened(log, options.EndpointUrl, channelId, options.Policy.Name, options.Mode, token.Lifetime);
        opened.TrySetResult();
    }

    private bool RequestToken(bool renews)
    {
        var request = new ClientTokenRequest(options, keys, pending.NextId(), renews);
        var body = request.Encode();
        Volatile.Write(ref tokenRequest, request);
        if (lane.TryEnqueue(new Outgoing(MessageType.OpenSecureChannel, request.RequestId, body)))
            return true;
        // The queue is full: the next tick asks again.
        Volatile.Write(ref tokenRequest, null);
        body.Dispose();
        return false;
    }

    private void OnTick()
    {
        if (closeReason is not null)
            return;
        var time = options.Time;
        pending.FailOverdue(time.GetTimestamp(), id => new ChannelException(StatusCodes.BadRequestTimeout, $"{options.EndpointUrl}: request {id} was not answered in time: the server is overloaded or stuck, or the time limit is too short."));
        if (lane.IsStalled(options.SendTimeout))
        {
            Break(new ChannelException(StatusCodes.BadConnectionClosed, $"{options.EndpointUrl}: the server took no data for {options.SendTimeout.TotalSeconds:0.#} s."));
            connection.Abort();
            return;
        }

        var token = tokens.Newest;
        if (token is null)
            return;
        if (token.IsExpired)
            Break(new ChannelException(StatusCodes.BadSecureChannelTokenUnknown, $"{options.EndpointUrl}: the server did not renew the security token within {token.Lifetime * 1.25}."));
        else if (token.IsRenewalDue && Volatile.Read(ref tokenRequest) is null)
            RequestToken(renews: true);
    }

    private void OnSendingEnded(Exception? error) => Break(ClientErrors.Lost(options, error, opened.Task.IsCompletedSuccessfully));

    private long DeadlineAfter(TimeSpan timeout) =>
        timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : options.Time.GetTimestamp() + (long)(timeout.TotalSeconds * options.Time.TimestampFrequency);

    private async ValueTask<ReceivedMessage> EnqueueAsync(Outgoing message, ValueTask<ReceivedMessage> response, CancellationToken cancel)
    {
        try
        {
            await lane.EnqueueAsync(message, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            // A closing channel and a cancelled caller both fail the pending request themselves.
            if (e is ChannelClosedException && closeReason is { } reason)
                pending.Take(message.RequestId)?.Fail(reason);
        }

        return await response.ConfigureAwait(false);
    }

    /// <summary>The one way out: the first reason counts.</summary>
    private void Break(ChannelException reason)
    {
        if (Interlocked.CompareExchange(ref closeReason, reason, null) is null)
            connection.Input.CancelPendingRead();
    }
}
