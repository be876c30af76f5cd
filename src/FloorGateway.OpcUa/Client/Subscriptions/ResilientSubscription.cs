using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// Monitored items that keep reporting over lost connections, server restarts and restarts of this process: one session, with as many subscriptions on it as the
/// server's limits ask for. It does what <see cref="RecoveryMachine"/> says, on one task of its own.
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
    private readonly SubscriptionSet _set;
    private readonly ServerWatch _watch;
    private readonly CancellationTokenSource _stopping = new();
    private readonly DateTimeOffset _started;
    private readonly long _startedAt;
    private readonly Task _running;
    private UaClient? _client;
    private SessionTicket? _ticket;
    private int _state;
    private int _disposed;

    private ResilientSubscription(UaClientOptions options, SubscriptionSettings settings, IReadOnlyList<MonitoredItemSettings> items, ISubscriptionHandler handler, SessionCheckpoint? checkpoint, TimeProvider time, ILoggerFactory loggers)
    {
        (_options, _settings, _handler, _time, _loggers) = (options, settings, handler, time, loggers);
        _log = loggers.CreateLogger<ResilientSubscription>();
        (_started, _startedAt) = (time.GetUtcNow(), time.GetTimestamp());
        _machine = new RecoveryMachine(new Backoff(settings.Backoff));
        _set = new SubscriptionSet(options, settings, items, handler, checkpoint, _machine, time, _log);
        _watch = new ServerWatch(options, handler, time, loggers, _log);
        if (checkpoint?.EndpointUrl is { } url && options.RedundantUrls.Contains(url))
        {
            _watch.Servers.Move(url);
        }

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
    /// <param name="checkpoint">Where an earlier run stood, to take its subscriptions over; null for none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where to log.</param>
    public static ResilientSubscription Start(UaClientOptions options, SubscriptionSettings settings, IReadOnlyList<MonitoredItemSettings> items, ISubscriptionHandler handler, SessionCheckpoint? checkpoint = null, TimeProvider? time = null, ILoggerFactory? loggers = null)
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

    /// <summary>
    /// What to store of the notification's subscription with its data, once that is safe, so that a later run can take over. Call it in the handler. It goes with
    /// what <see cref="ISubscriptionHandler.OnSubscriptionsChanged"/> told of all of them.
    /// </summary>
    public SubscriptionCheckpoint CheckpointFor(Notification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var part = _set.PartOf(notification.SubscriptionId) ?? throw new ArgumentException("The notification is not of this subscription.", nameof(notification));
        return part.Checkpoint(notification.SequenceNumber, notification.PublishTicks == 0 ? part.Intake.LastPublishTicks : notification.PublishTicks);
    }

    /// <summary>Stops; the subscriptions stay on the server when <see cref="SubscriptionSettings.KeepOnStop"/> says so.</summary>
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
                // By the monotonic clock: setting a plant PC's time must not look like an hour of stable publishing.
                var step = _machine.On(e, _started + _time.GetElapsedTime(_startedAt));
                try
                {
                    ShowState(step.State, step.Reason);
                    e = await DoAsync(step, cancel).ConfigureAwait(false);
                }
                catch (Exception error) when (error is not OperationCanceledException || !cancel.IsCancellationRequested)
                {
                    e = RecoveryEvents.From(error);
                    if (step.Action is RecoveryAction.Connect or RecoveryAction.Resume && await _watch.FailedAsync(error.Message, cancel).ConfigureAwait(false) is { } move)
                    {
                        e = move;
                    }
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
            case RecoveryAction.Move:
                _set.LeaveAll();
                await DropClientAsync(keepSession: false).ConfigureAwait(false);
                return new RecoveryEvent(RecoveryEventKind.DelayElapsed);
            case RecoveryAction.Connect:
                await DropClientAsync(keepSession: false).ConfigureAwait(false);
                return Adopt(await UaClient.ConnectAsync(_watch.Options, _time, _loggers, cancel).ConfigureAwait(false), RecoveryEventKind.Connected);
            case RecoveryAction.Resume:
                await DropClientAsync(keepSession: true).ConfigureAwait(false);
                _set.ForgetAvailable();
                return Adopt(await UaClient.ResumeAsync(_watch.Options, _ticket!, _time, _loggers, cancel).ConfigureAwait(false), RecoveryEventKind.Resumed);
            case RecoveryAction.Transfer:
                return await _set.TransferAsync(_client!, cancel).ConfigureAwait(false);
            case RecoveryAction.Republish:
                return await _set.CatchUpAsync(_client!, cancel).ConfigureAwait(false);
            case RecoveryAction.Create:
                return await _set.CreateAsync(_client!, cancel).ConfigureAwait(false);
            default:
                return await PublishAsync(_client!, cancel).ConfigureAwait(false);
        }
    }

    private async ValueTask<RecoveryEvent> PublishAsync(UaClient client, CancellationToken cancel)
    {
        var loop = new PublishLoop(client, _set.Publish, _set.PublishRequests, _time, _log)
        {
            OnTick = async () =>
            {
                await _watch.LearnAsync(client, cancel).ConfigureAwait(false);
                await _set.RetryRefusedAsync(client, cancel).ConfigureAwait(false);
                return await _watch.LookAsync(client, cancel).ConfigureAwait(false);
            },
        };
        RecoveryEvent end;
        await using (loop.ConfigureAwait(false))
        {
            end = await loop.RunAsync(cancel).ConfigureAwait(false);
        }

        if (end is { Kind: RecoveryEventKind.SubscriptionLost, Subscription: { } lost })
        {
            _set.LeaveBehind(lost, end.Reason);
        }

        return end;
    }

    private RecoveryEvent Adopt(UaClient client, RecoveryEventKind kind)
    {
        _ticket = client.Ticket;
        Volatile.Write(ref _client, client);
        _watch.Servers.Reached();
        _set.Attach(client);
        return new RecoveryEvent(kind, SessionTimeout: client.Ticket.Timeout);
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
}
