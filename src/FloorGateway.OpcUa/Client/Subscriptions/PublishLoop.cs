using System.Threading.Channels;
using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// Keeps Publish requests waiting at the server and hands each message to the subscription's intake, one at a time. A new
/// request goes out only after the message before it was dealt with, so a slow consumer slows the server's publishing down and
/// nothing piles up here.
/// </summary>
internal sealed class PublishLoop : IAsyncDisposable
{
    private readonly UaClient _client;
    private readonly SubscriptionIntake _intake;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly TimeSpan _stalledAfter;
    private readonly Channel<Outcome> _outcomes = Channel.CreateUnbounded<Outcome>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Task> _inFlight = [];
    private readonly CancellationTokenSource _ending = new();
    private Task _watching = Task.CompletedTask;
    private int _target;
    private int _waiting;

    public PublishLoop(UaClient client, SubscriptionIntake intake, int inFlight, TimeSpan stalledAfter, TimeProvider time, ILogger log)
    {
        _client = client;
        _intake = intake;
        _target = Math.Max(inFlight, 1);
        _stalledAfter = stalledAfter;
        _time = time;
        _log = log;
    }

    /// <summary>Called about twice per stall period, between messages.</summary>
    public Func<ValueTask>? OnTick { get; init; }

    /// <summary>Publishes until something breaks.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<RecoveryEvent> RunAsync(CancellationToken cancel)
    {
        // Bounded by what this loop itself puts in: requests in flight, one tick at a time, one end.
        var lastHeard = _time.GetTimestamp();
        var tick = TimeSpan.FromTicks(Math.Max(_stalledAfter.Ticks / 2, TimeSpan.TicksPerMillisecond));
        await using var timer = _time.CreateTimer(_ => _outcomes.Writer.TryWrite(new Outcome(OutcomeKind.Tick)), null, tick, tick).ConfigureAwait(false);
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
                case OutcomeKind.Tick:
                    if (_time.GetElapsedTime(lastHeard) > _stalledAfter)
                    {
                        return new RecoveryEvent(RecoveryEventKind.ChannelLost, StatusCodes.BadTimeout, $"the subscription was silent for {_time.GetElapsedTime(lastHeard).TotalSeconds:0.#} s, longer than its keep-alive interval allows");
                    }

                    if (OnTick is not null)
                    {
                        await OnTick().ConfigureAwait(false);
                    }

                    continue;
                case OutcomeKind.Failed:
                    end = RecoveryEvents.From(outcome.Error!);
                    break;
                default:
                    _waiting--;
                    lastHeard = _time.GetTimestamp();
                    end = outcome.Message.TypeId == PublishResponse.BinaryId
                        ? await _intake.TakeAsync(outcome.Message, cancel).ConfigureAwait(false)
                        : OnFault(outcome.Message);
                    lastHeard = _time.GetTimestamp();
                    break;
            }

            if (end is { } reason)
            {
                return reason;
            }

            _inFlight.RemoveAll(static t => t.IsCompleted);
            while (_waiting < _target)
            {
                Send();
            }
        }
    }

    private void Send()
    {
        _waiting++;
        _inFlight.Add(PublishAsync());
    }

    private async Task PublishAsync()
    {
        var acknowledgements = _intake.Acknowledgements.Take();
        try
        {
            var request = new PublishRequest { SubscriptionAcknowledgements = acknowledgements };
            var message = await _client.SendAsync(request, Timeout.InfiniteTimeSpan, _ending.Token).ConfigureAwait(false);
            if (!_outcomes.Writer.TryWrite(new Outcome(OutcomeKind.Message, message)))
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
            case StatusCodes.BadTooManyPublishRequests:
                // The server answers the one too many; as many as still wait are what it takes.
                _target = Math.Max(Math.Min(_target - 1, _waiting), 1);
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
        Message,
        Failed,
    }

    private readonly record struct Outcome(OutcomeKind Kind, ReceivedMessage Message = default, Exception? Error = null);
}
