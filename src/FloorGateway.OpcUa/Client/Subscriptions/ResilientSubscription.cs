using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// A subscription that keeps running over lost connections, server restarts and restarts of this process. It does what
/// <see cref="RecoveryMachine"/> says, on one task of its own.
/// </summary>
public sealed class ResilientSubscription : IAsyncDisposable
{
    private readonly UaClientOptions _options;
    private readonly SubscriptionSettings _settings;
    private readonly ISubscriptionHandler _handler;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly RecoveryMachine _machine;
    private readonly SubscriptionIntake _intake;
    private readonly SubscriptionItems _items;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private UaClient? _client;
    private SessionTicket? _ticket;
    private IReadOnlyList<uint>? _available;
    private TimeSpan _stalledAfter;
    private long _serverStartTicks;
    private int _state;
    private int _disposed;

    private ResilientSubscription(UaClientOptions options, SubscriptionSettings settings, IReadOnlyList<MonitoredItemSettings> items, ISubscriptionHandler handler, SubscriptionCheckpoint? checkpoint, TimeProvider time, ILoggerFactory loggers)
    {
        (_options, _settings, _handler, _time, _loggers) = (options, settings, handler, time, loggers);
        _log = loggers.CreateLogger<ResilientSubscription>();
        _items = new SubscriptionItems(items, settings, handler, options.EndpointUrl, time, _log);
        _intake = new SubscriptionIntake(handler, options.EndpointUrl, _log);
        var takeOver = checkpoint is not null && checkpoint.SubscriptionId != 0 && checkpoint.ItemsHash == _items.Hash;
        if (takeOver)
        {
            _intake.Begin(checkpoint!.SubscriptionId, checkpoint.LastSequence, checkpoint.LastPublishTicks);
            _serverStartTicks = checkpoint.ServerStartTicks;
        }

        _machine = new RecoveryMachine(new Backoff(settings.Backoff), takeOver, checkpoint?.LastPublishTicks ?? 0);
        _intake.OnGood = _machine.Good;
        _stalledAfter = StalledAfter(settings.KeepAliveInterval);
        _running = Task.Run(RunAsync);
    }

    /// <summary>The connection while there is one, for reading, writing and calling; null in between.</summary>
    public UaClient? Client => Volatile.Read(ref _client);

    public SubscriptionState State => (SubscriptionState)Volatile.Read(ref _state);

    /// <summary>Starts to connect and subscribe. Handles of items must be distinct.</summary>
    /// <param name="options">The server.</param>
    /// <param name="settings">How to publish.</param>
    /// <param name="items">What to monitor.</param>
    /// <param name="handler">Gets the notifications.</param>
    /// <param name="checkpoint">Where an earlier run stood, to take its subscription over; null for none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where to log.</param>
    public static ResilientSubscription Start(UaClientOptions options, SubscriptionSettings settings, IReadOnlyList<MonitoredItemSettings> items, ISubscriptionHandler handler, SubscriptionCheckpoint? checkpoint = null, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(handler);
        if (items.DistinctBy(i => i.ClientHandle).Count() != items.Count)
        {
            throw new ArgumentException("Two monitored items have the same client handle. Give each its own: values carry nothing else.", nameof(items));
        }

        return new ResilientSubscription(options, settings, items, handler, checkpoint, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance);
    }

    /// <summary>What to store with the data of a notification, once that is safe, so that a later run can take over.</summary>
    public SubscriptionCheckpoint CheckpointFor(Notification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return new SubscriptionCheckpoint(notification.SubscriptionId, notification.SequenceNumber, Math.Max(notification.PublishTicks, _intake.LastPublishTicks), _items.Hash, Volatile.Read(ref _serverStartTicks));
    }

    /// <summary>Stops; the subscription stays on the server when <see cref="SubscriptionSettings.KeepOnStop"/> says so.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var cancel = _stopping.Token;
        var e = new RecoveryEvent(RecoveryEventKind.Start);
        try
        {
            while (true)
            {
                var step = _machine.On(e, _time.GetUtcNow());
                try
                {
                    if (step.Gap is { } gap)
                    {
                        ClientLog.Gap(_log, _options.EndpointUrl, gap.From, gap.To, gap.Cause);
                        _handler.OnGap(gap);
                    }

                    ShowState(step.State, step.Reason);
                    e = await DoAsync(step, cancel).ConfigureAwait(false);
                }
                catch (Exception error) when (error is not OperationCanceledException || !cancel.IsCancellationRequested)
                {
                    e = RecoveryEvents.From(error);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
        finally
        {
            await StopAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<RecoveryEvent> DoAsync(RecoveryStep step, CancellationToken cancel)
    {
        switch (step.Action)
        {
            case RecoveryAction.Wait:
                await DropClientAsync(_machine.HasSession).ConfigureAwait(false);
                await Task.Delay(step.Delay, _time, cancel).ConfigureAwait(false);
                return new RecoveryEvent(RecoveryEventKind.DelayElapsed);
            case RecoveryAction.Connect:
                await DropClientAsync(keepSession: false).ConfigureAwait(false);
                Adopt(await UaClient.ConnectAsync(_options, _time, _loggers, cancel).ConfigureAwait(false));
                return new RecoveryEvent(RecoveryEventKind.Connected);
            case RecoveryAction.Resume:
                await DropClientAsync(keepSession: true).ConfigureAwait(false);
                Adopt(await UaClient.ResumeAsync(_options, _ticket!, _time, _loggers, cancel).ConfigureAwait(false));
                _available = null;
                return new RecoveryEvent(RecoveryEventKind.Resumed);
            case RecoveryAction.Transfer:
                return await TransferAsync(cancel).ConfigureAwait(false);
            case RecoveryAction.Republish:
                return await _intake.CatchUpAsync(_available, cancel).ConfigureAwait(false);
            case RecoveryAction.Create:
                return await CreateAsync(cancel).ConfigureAwait(false);
            default:
                var client = _client!;
                var loop = new PublishLoop(client, _intake, _settings.PublishRequestsInFlight, _stalledAfter, _time, _log)
                {
                    OnTick = () => _items.RetryRefusedAsync(client, _intake.SubscriptionId, cancel),
                };
                await using (loop.ConfigureAwait(false))
                {
                    return await loop.RunAsync(cancel).ConfigureAwait(false);
                }
        }
    }

    private async ValueTask<RecoveryEvent> CreateAsync(CancellationToken cancel)
    {
        var interval = Math.Max(_settings.PublishingInterval.TotalMilliseconds, 1);
        var keepAlives = (uint)Math.Max(Math.Round(_settings.KeepAliveInterval.TotalMilliseconds / interval), 1);
        var request = new CreateSubscriptionRequest
        {
            RequestedPublishingInterval = interval,
            RequestedMaxKeepAliveCount = keepAlives,

            // At least three times the keep-alive count (OPC 10000-4, 5.14.2.2).
            RequestedLifetimeCount = (uint)Math.Max(_settings.Lifetime.TotalMilliseconds / interval, keepAlives * 3.0),
            MaxNotificationsPerPublish = _settings.MaxNotificationsPerPublish,
            PublishingEnabled = true,
            Priority = _settings.Priority,
        };
        var response = await _client!.CreateSubscriptionAsync(request, cancel).ConfigureAwait(false);
        var started = _time.GetTimestamp();
        var createdTicks = response.ResponseHeader.Timestamp.Ticks is > 0 and var ticks ? ticks : _time.GetUtcNow().UtcTicks;
        _intake.Begin(response.SubscriptionId, 0, createdTicks);
        Volatile.Write(ref _serverStartTicks, _client.ServerStartTicks);
        _stalledAfter = StalledAfter(TimeSpan.FromMilliseconds(Math.Min(response.RevisedPublishingInterval * response.RevisedMaxKeepAliveCount, int.MaxValue)));
        await _items.CreateAsync(_client, response.SubscriptionId, cancel).ConfigureAwait(false);

        // The server's clock at the moment from which every item is sampled.
        return new RecoveryEvent(RecoveryEventKind.Created, Ticks: createdTicks + _time.GetElapsedTime(started).Ticks);
    }

    private async ValueTask<RecoveryEvent> TransferAsync(CancellationToken cancel)
    {
        if (_serverStartTicks != 0 && _client!.ServerStartTicks != 0 && _client.ServerStartTicks != _serverStartTicks)
        {
            // Subscriptions do not live through a restart, and the same id may by now be another client's.
            return new RecoveryEvent(RecoveryEventKind.SubscriptionLost, StatusCodes.BadSubscriptionIdInvalid, $"the server was restarted at {UaDateTime.FromTicks(_client.ServerStartTicks):u}");
        }

        TransferResult[] results;
        try
        {
            results = await _client!.TransferSubscriptionsAsync([_intake.SubscriptionId], sendInitialValues: false, cancel).ConfigureAwait(false);
        }
        catch (UaServiceException e) when (RecoveryEvents.KindOf(e.Status) is RecoveryEventKind.Refused or RecoveryEventKind.SubscriptionLost)
        {
            return new RecoveryEvent(RecoveryEventKind.SubscriptionLost, e.Status, $"the subscription could not be taken over: {e.Message}");
        }

        if (results.Length != 1 || results[0].StatusCode.IsBad)
        {
            var status = results.Length == 1 ? results[0].StatusCode : new StatusCode(StatusCodes.BadUnexpectedError);
            return new RecoveryEvent(RecoveryEventKind.SubscriptionLost, status, $"the subscription could not be taken over ({status})");
        }

        _available = results[0].AvailableSequenceNumbers;
        return new RecoveryEvent(RecoveryEventKind.Transferred);
    }

    private void Adopt(UaClient client)
    {
        _ticket = client.Ticket;
        _intake.Attach(client);
        Volatile.Write(ref _client, client);
    }

    private async ValueTask DropClientAsync(bool keepSession)
    {
        if (Interlocked.Exchange(ref _client, null) is not { } client)
        {
            return;
        }

        if (keepSession)
        {
            await client.AbandonAsync().ConfigureAwait(false);
        }
        else
        {
            await client.CloseAsync(deleteSubscriptions: !_machine.HasSubscription).ConfigureAwait(false);
        }
    }

    private async ValueTask StopAsync()
    {
        if (Interlocked.Exchange(ref _client, null) is { } client)
        {
            await client.CloseAsync(deleteSubscriptions: !_settings.KeepOnStop).ConfigureAwait(false);
        }

        ShowState(SubscriptionState.Stopped, "stopped");
    }

    private void ShowState(SubscriptionState state, string reason)
    {
        Volatile.Write(ref _state, (int)state);
        ClientLog.StateChanged(_log, _options.EndpointUrl, state, reason);
        _handler.OnStateChanged(state, reason);
    }

    /// <summary>Half a keep-alive interval of grace, and what a request may take.</summary>
    private TimeSpan StalledAfter(TimeSpan keepAlive) => (keepAlive * 1.5) + _options.RequestTimeout;
}
