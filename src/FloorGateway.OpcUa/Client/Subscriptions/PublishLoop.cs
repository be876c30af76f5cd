using System.Threading.Channels;
using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// Keeps Publish requests waiting at the server and hands each message to its subscription's intake, one at a time. A new
/// request goes out only after the message before it was dealt with, so a slow consumer slows the server's publishing down and
/// nothing piles up here.
/// </summary>
internal sealed class PublishLoop : IAsyncDisposable
{
    /// <summary>
    /// A server answers Publish requests in their order (OPC 10000-4, 5.14.1.2), so an early answer is one that overtook another
    /// on its way through our threads, which is over in no time. After this long the server itself must have mixed them up.
    /// </summary>
    private static readonly TimeSpan OutOfTurnAfter = TimeSpan.FromMilliseconds(100);

    private readonly UaClient _client;
    private readonly PublishIntake _intake;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<Outcome> _outcomes = Channel.CreateUnbounded<Outcome>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Task> _inFlight = [];

    // Requests without an answer, oldest first, and answers that came before those of older requests.
    private readonly List<long> _waiting = [];
    private readonly SortedList<long, Outcome> _early = [];
    private readonly CancellationTokenSource _ending = new();
    private Task _watching = Task.CompletedTask;
    private int _target;
    private long _nextOrder;

    public PublishLoop(UaClient client, PublishIntake intake, int inFlight, TimeProvider time, ILogger log)
    {
        _client = client;
        _intake = intake;
        _target = Math.Max(inFlight, 1);
        _time = time;
        _log = log;
    }

    /// <summary>Called about twice per stall period, between messages; may give a reason to end.</summary>
    public Func<ValueTask<RecoveryEvent?>>? OnTick { get; init; }

    /// <summary>Publishes until something breaks.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<RecoveryEvent> RunAsync(CancellationToken cancel)
    {
        // Bounded by what this loop itself puts in: requests in flight, one tick at a time, one end.
        _intake.Listen();
        var tick = TimeSpan.FromTicks(Math.Max(_intake.StalledAfter.Ticks / 2, TimeSpan.TicksPerMillisecond));
        await using var timer = _time.CreateTimer(_ => _outcomes.Writer.TryWrite(new Outcome(OutcomeKind.Tick)), null, tick, tick).ConfigureAwait(false);
        using var late = _time.CreateTimer(_ => _outcomes.Writer.TryWrite(new Outcome(OutcomeKind.Late)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _watching = WatchAsync();
        for (var i = 0; i < _target; i++)
        {
            Send();
        }

        while (true)
        {
            var outcome = await _outcomes.Reader.ReadAsync(cancel).ConfigureAwait(false);
            RecoveryEvent? end = null;
            switch (outcome.Kind)
            {
                case OutcomeKind.Message when _waiting[0] != outcome.Order:
                    _early.Add(outcome.Order, outcome);
                    late.Change(OutOfTurnAfter, Timeout.InfiniteTimeSpan);
                    continue;
                case OutcomeKind.Late when _early.Count == 0:
                    continue;
                case OutcomeKind.Tick:
                    if ((_intake.FindSilent() ?? await TickAsync().ConfigureAwait(false)) is { } found)
                    {
                        return found;
                    }

                    continue;
                case OutcomeKind.Failed:
                    end = RecoveryEvents.From(outcome.Error!);
                    break;
                default:
                    if (outcome.Kind == OutcomeKind.Late)
                    {
                        outcome = _early.GetValueAtIndex(0);
                        _early.RemoveAt(0);
                    }

                    end = await TakeInTurnAsync(outcome, cancel).ConfigureAwait(false);
                    break;
            }

            if (end is { } reason)
            {
                return reason;
            }

            _inFlight.RemoveAll(static t => t.IsCompleted);
            while (_waiting.Count < _target)
            {
                Send();
            }
        }
    }

    private async ValueTask<RecoveryEvent?> TickAsync()
    {
        var started = _time.GetTimestamp();
        var end = OnTick is null ? null : await OnTick().ConfigureAwait(false);
        _intake.Busy(started);
        return end;
    }

    /// <summary>Takes a message, and those after it that were early.</summary>
    private async ValueTask<RecoveryEvent?> TakeInTurnAsync(Outcome outcome, CancellationToken cancel)
    {
        while (true)
        {
            _waiting.Remove(outcome.Order);
            var end = outcome.Message.TypeId == PublishResponse.BinaryId
                ? await _intake.TakeAsync(outcome.Message, cancel).ConfigureAwait(false)
                : OnFault(outcome.Message);
            if (end is not null || _waiting.Count == 0 || !_early.Remove(_waiting[0], out outcome))
            {
                return end;
            }
        }
    }

    private void Send()
    {
        _waiting.Add(_nextOrder);
        _inFlight.Add(PublishAsync(_nextOrder++));
    }

    private async Task PublishAsync(long order)
    {
        var acknowledgements = _intake.Acknowledgements.Take();
        try
        {
            var request = new PublishRequest { SubscriptionAcknowledgements = acknowledgements };
            var message = await _client.SendAsync(request, Timeout.InfiniteTimeSpan, _ending.Token, inline: true).ConfigureAwait(false);
            if (!_outcomes.Writer.TryWrite(new Outcome(OutcomeKind.Message, message, order)))
            {
                message.Dispose();
            }
        }
        catch (Exception e)
        {
            _intake.Acknowledgements.PutBack(acknowledgements);
            _outcomes.Writer.TryWrite(new Outcome(OutcomeKind.Failed, Error: e));
        }
    }

    private async Task WatchAsync()
    {
        var closed = await Task.WhenAny(_client.Closed, Task.Delay(Timeout.InfiniteTimeSpan, _ending.Token)).ConfigureAwait(false);
        if (closed == _client.Closed)
        {
            _outcomes.Writer.TryWrite(new Outcome(OutcomeKind.Failed, Error: await _client.Closed.ConfigureAwait(false)));
        }
    }

    private RecoveryEvent? OnFault(ReceivedMessage message)
    {
        StatusCode status;
        using (message)
        {
            var reader = new Encoding.UaReader(message.Body, _client.Options.EncodingLimits);
            var fault = message.TypeId == ServiceFault.BinaryId ? ServiceFault.Decode(ref reader) : null;
            status = fault is null || reader.Failed ? new StatusCode(StatusCodes.BadUnknownResponse) : fault.ResponseHeader.ServiceResult;
        }

        switch (status.CodeBits)
        {
            case StatusCodes.BadTooManyPublishRequests when _target > 1:
                // The server answers the one too many; as many as still wait are what it takes.
                _target = Math.Max(Math.Min(_target - 1, _waiting.Count), 1);
                ClientLog.FewerPublishRequests(_log, _client.Options.EndpointUrl, _target);
                return null;
            case StatusCodes.BadTimeout or StatusCodes.BadRequestTimeout:
                // The server let one request time out; the next takes its place.
                return null;
            default:
                return RecoveryEvents.From(SessionServices.Failed("Publish", _client.Options, status));
        }
    }

    /// <summary>Takes the requests back; what they had brought is disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_inFlight).ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _outcomes.Writer.TryComplete();
        foreach (var early in _early.Values)
        {
            early.Message.Dispose();
        }

        while (_outcomes.Reader.TryRead(out var left))
        {
            if (left.Kind == OutcomeKind.Message)
            {
                // Not delivered and not acknowledged: Republish brings it again.
                left.Message.Dispose();
            }
        }

        _ending.Dispose();
    }

    private enum OutcomeKind
    {
        Tick,
        Late,
        Message,
        Failed,
    }

    private readonly record struct Outcome(OutcomeKind Kind, ReceivedMessage Message = default, long Order = 0, Exception? Error = null);
}
