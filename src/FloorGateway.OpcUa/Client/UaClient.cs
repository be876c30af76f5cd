using System.Globalization;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.OpcUa.Client;

/// <summary>
/// One activated session on one secure channel. When either ends, <see cref="Closed"/> completes and the client is done: another
/// one may resume the session from <see cref="Ticket"/>. Safe for use from many threads.
/// </summary>
public sealed partial class UaClient : IAsyncDisposable
{
    private readonly ClientSecureChannel _channel;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly TaskCompletionSource<UaServiceException> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private Task _keepAlive = Task.CompletedTask;
    private Task _channelWatch = Task.CompletedTask;
    private uint _requestHandle;
    private int _serviceLevel = byte.MaxValue;
    private int _serverState;
    private int _disposed;

    private UaClient(UaClientOptions options, ClientSecureChannel channel, SessionTicket ticket, TimeProvider time, ILoggerFactory loggers)
    {
        Options = options;
        _channel = channel;
        Ticket = ticket;
        _time = time;
        _log = loggers.CreateLogger<UaClient>();
        Limits = OperationLimits.Uniform(options.MaxOperationsPerCall);
    }

    public UaClientOptions Options { get; }

    /// <summary>What resumes the session on another channel.</summary>
    public SessionTicket Ticket { get; private set; }

    public EndpointDescription Endpoint => Ticket.Endpoint;

    /// <summary>What the server takes in one call, as read at connect.</summary>
    public OperationLimits Limits { get; private set; }

    /// <summary>The server's namespace array, as read at connect: the position is the namespace index.</summary>
    public IReadOnlyList<string> NamespaceUris { get; private set; } = [Namespaces.OpcUa];

    /// <summary>When the server started, as read at connect: its clock, UTC .NET ticks; 0 when it does not say. Changes with each restart.</summary>
    public long ServerStartTicks { get; private set; }

    /// <summary>How well the server can serve, 0 to 255: 200 and more is healthy (OPC 10000-4, 6.6.2.4.2). As of the last keep-alive; 255 when it does not say.</summary>
    public byte ServiceLevel => (byte)Volatile.Read(ref _serviceLevel);

    /// <summary>The server's state as of the last keep-alive.</summary>
    public ServerState ServerState => (ServerState)Volatile.Read(ref _serverState);

    /// <summary>Completes, never faults, with the reason once the channel is closed or the server no longer answers.</summary>
    public Task<UaServiceException> Closed => _closed.Task;

    /// <summary>Asks a server for its endpoints over an unprotected channel (OPC 10000-4, 5.5.4).</summary>
    /// <exception cref="ChannelException">The server can't be reached.</exception>
    public static async Task<EndpointDescription[]> GetEndpointsAsync(UaClientOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        await using var channel = await ClientSecureChannel.OpenAsync(SessionServices.ChannelFor(options, null, time, loggers), cancel).ConfigureAwait(false);
        var request = new GetEndpointsRequest { EndpointUrl = options.EndpointUrl };
        var response = await SessionServices.SendAsync<GetEndpointsResponse>(channel, request, options, time ?? TimeProvider.System, cancel).ConfigureAwait(false);
        return response.Endpoints;
    }

    /// <summary>Finds the endpoint asked for, opens a channel, creates a session and activates it.</summary>
    /// <exception cref="ChannelException">The connection or its security failed; the message says what to do.</exception>
    /// <exception cref="UaServiceException">The server refused the endpoint, the session or the user.</exception>
    public static async Task<UaClient> ConnectAsync(UaClientOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        time ??= TimeProvider.System;
        loggers ??= NullLoggerFactory.Instance;
        SessionServices.Check(options);
        options.Certificate?.Refresh();
        var endpoints = await GetEndpointsAsync(options, time, loggers, cancel).ConfigureAwait(false);
        var endpoint = EndpointSelector.Select(endpoints, options);
        EndpointSelector.SelectToken(endpoint, options);
        var channel = await SessionServices.OpenAsync(options, endpoint, time, loggers, cancel).ConfigureAwait(false);
        try
        {
            var ticket = await SessionServices.CreateAsync(channel, options, endpoint, time, cancel).ConfigureAwait(false);
            try
            {
                return await ActivateAsync(channel, options, ticket, time, loggers, cancel).ConfigureAwait(false);
            }
            catch
            {
                // Left open it would take one of the server's few sessions until it times out, and one more with each attempt.
                await SessionServices.TryCloseAsync(channel, options, ticket, time).ConfigureAwait(false);
                throw;
            }
        }
        catch
        {
            await channel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Activates an existing session on a new channel.</summary>
    /// <exception cref="ChannelException">The connection failed; the session may still live.</exception>
    /// <exception cref="UaServiceException">The server does not know the session any more, or refuses it.</exception>
    public static async Task<UaClient> ResumeAsync(UaClientOptions options, SessionTicket ticket, TimeProvider? time = null, ILoggerFactory? loggers = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ticket);
        time ??= TimeProvider.System;
        loggers ??= NullLoggerFactory.Instance;
        var channel = await ClientSecureChannel.OpenAsync(SessionServices.ChannelFor(options, ticket.Endpoint, time, loggers, options.Certificate?.Find(ticket.ClientThumbprint)), cancel).ConfigureAwait(false);
        try
        {
            return await ActivateAsync(channel, options, ticket, time, loggers, cancel).ConfigureAwait(false);
        }
        catch
        {
            await channel.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Calls a service: fills the header in, waits for the response and checks the service result.</summary>
    /// <exception cref="UaServiceException">The service failed as a whole.</exception>
    /// <exception cref="ChannelException">The channel failed or the response did not come in time.</exception>
    public async ValueTask<TResponse> InvokeAsync<TResponse>(IUaRequest request, CancellationToken cancel = default)
        where TResponse : class, IUaResponse, IUaStructure<TResponse>
    {
        using var message = await SendAsync(request, Options.RequestTimeout, cancel).ConfigureAwait(false);
        return SessionServices.Decode<TResponse>(message, request, Options);
    }

    /// <summary>Closes the session, the channel and the connection.</summary>
    public ValueTask DisposeAsync() => CloseAsync(deleteSubscriptions: true);

    /// <summary>Closes everything; the server keeps the subscriptions for a takeover when told so.</summary>
    public async ValueTask CloseAsync(bool deleteSubscriptions)
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await StopAsync().ConfigureAwait(false);
        if (!_closed.Task.IsCompleted)
        {
            try
            {
                await InvokeAsync<CloseSessionResponse>(new CloseSessionRequest { DeleteSubscriptions = deleteSubscriptions }).ConfigureAwait(false);
            }
            catch (Exception e) when (e is UaServiceException or ChannelException or OperationCanceledException)
            {
                ClientLog.CloseFailed(_log, Options.EndpointUrl, e.Message);
            }
        }

        await ReleaseAsync().ConfigureAwait(false);
    }

    /// <summary>Drops the channel and leaves the session to be resumed.</summary>
    public async ValueTask AbandonAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await StopAsync().ConfigureAwait(false);
            await ReleaseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends with the session's token; the caller disposes the response and looks for a ServiceFault. For inline see <see cref="PendingRequest.Inline"/>.</summary>
    internal ValueTask<ReceivedMessage> SendAsync(IUaRequest request, TimeSpan timeout, CancellationToken cancel, bool inline = false)
    {
        var header = request.RequestHeader;
        header.AuthenticationToken = Ticket.AuthenticationToken;
        header.Timestamp = _time.GetUtcNow().UtcDateTime;
        header.RequestHandle = Interlocked.Increment(ref _requestHandle);
        header.TimeoutHint = (uint)Math.Min(timeout.TotalMilliseconds, uint.MaxValue);
        return _channel.RequestAsync(request, timeout, inline, cancel);
    }

    private static async Task<UaClient> ActivateAsync(ClientSecureChannel channel, UaClientOptions options, SessionTicket ticket, TimeProvider time, ILoggerFactory loggers, CancellationToken cancel)
    {
        var nonce = await SessionServices.ActivateAsync(channel, options, ticket, time, cancel).ConfigureAwait(false);
        var client = new UaClient(options, channel, ticket with { ServerNonce = nonce }, time, loggers);
        try
        {
            await client.ReadServerAsync(cancel).ConfigureAwait(false);
        }
        catch
        {
            client._stopping.Dispose();
            throw;
        }

        client._channelWatch = client.WatchChannelAsync();
        client._keepAlive = client.KeepAliveAsync();
        ClientLog.Connected(client._log, options.EndpointUrl, options.SecurityPolicy.Name, options.SecurityMode, options.User.ToString()!, ticket.Timeout);
        return client;
    }

    private async ValueTask ReadServerAsync(CancellationToken cancel)
    {
        ReadValueId[] nodes =
        [
            new() { NodeId = VariableIds.Server_NamespaceArray, AttributeId = AttributeIds.Value },
            new() { NodeId = VariableIds.Server_ServerStatus_StartTime, AttributeId = AttributeIds.Value },
            .. HealthNodes(),
            .. OperationLimits.Variables.Select(id => new ReadValueId { NodeId = id, AttributeId = AttributeIds.Value }),
        ];
        var response = await InvokeAsync<ReadResponse>(new ReadRequest { NodesToRead = nodes, TimestampsToReturn = TimestampsToReturn.Neither }, cancel).ConfigureAwait(false);
        if (response.Results.Length != nodes.Length)
        {
            throw new UaServiceException(StatusCodes.BadUnexpectedError, $"{Options.EndpointUrl} answered a Read of {nodes.Length} nodes with {response.Results.Length} values. Its Read service is broken.");
        }

        if (response.Results[0].Value.AsArray<string?>() is { Length: > 0 } uris)
        {
            NamespaceUris = [.. uris.Select(u => u ?? "")];
        }

        ServerStartTicks = response.Results[1].Value.TryGetDateTimeTicks(out var started) ? started : 0;
        TakeHealth(response.Results.AsSpan(2, 2));
        Limits = OperationLimits.FromValues(response.Results.AsSpan(4), Options.MaxOperationsPerCall);
    }

    private static ReadValueId[] HealthNodes() =>
    [
        new() { NodeId = VariableIds.Server_ServerStatus_State, AttributeId = AttributeIds.Value },
        new() { NodeId = VariableIds.Server_ServiceLevel, AttributeId = AttributeIds.Value },
    ];

    /// <summary>A server that does not say is taken for healthy.</summary>
    private void TakeHealth(ReadOnlySpan<DataValue> values)
    {
        Volatile.Write(ref _serverState, !values[0].Status.IsBad && values[0].Value.TryGetInt64(out var state) ? (int)state : (int)ServerState.Running);
        Volatile.Write(ref _serviceLevel, !values[1].Status.IsBad && values[1].Value is { Type: BuiltInType.Byte, IsArray: false } level ? (byte)level.ScalarBits : byte.MaxValue);
    }

    private async Task WatchChannelAsync()
    {
        var reason = await _channel.Closed.ConfigureAwait(false);
        _closed.TrySetResult(new UaServiceException(reason.Status, reason.Message, reason));
    }

    private async Task KeepAliveAsync()
    {
        if (Options.KeepAliveInterval <= TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(Options.KeepAliveInterval, _time);
        try
        {
            while (!_closed.Task.IsCompleted && await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                var response = await InvokeAsync<ReadResponse>(new ReadRequest { NodesToRead = HealthNodes() }, _stopping.Token).ConfigureAwait(false);
                if (response.Results.Length == 2)
                {
                    TakeHealth(response.Results);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            var status = (e as UaServiceException)?.Status ?? (e as ChannelException)?.Status ?? new StatusCode(StatusCodes.BadUnexpectedError);
            ClientLog.KeepAliveFailed(_log, Options.EndpointUrl, e.Message);
            _closed.TrySetResult(new UaServiceException(status, string.Create(CultureInfo.InvariantCulture, $"{Options.EndpointUrl} did not answer a keep-alive: {e.Message}"), e));
        }
    }

    private async ValueTask StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _keepAlive.ConfigureAwait(false);
    }

    private async ValueTask ReleaseAsync()
    {
        await _channel.DisposeAsync().ConfigureAwait(false);
        await _channelWatch.ConfigureAwait(false);
        _stopping.Dispose();
        _dataTypes?.Dispose();
    }
}
