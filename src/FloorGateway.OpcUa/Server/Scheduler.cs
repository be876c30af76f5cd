using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Server;

/// <summary>The one task that drives subscriptions and timeouts: it sleeps until the next thing is due or until it is woken.</summary>
internal sealed class Scheduler : IAsyncDisposable
{
    private readonly SemaphoreSlim signal = new(0, 1);
    private readonly CancellationTokenSource stopping = new();
    private readonly ServiceDispatcher dispatcher;
    private readonly ILogger logger;
    private readonly ITimer timer;
    private readonly Task running;

    public Scheduler(ServiceDispatcher dispatcher, TimeProvider clock, ILogger logger)
    {
        this.dispatcher = dispatcher;
        this.logger = logger;
        timer = clock.CreateTimer(static state => ((Scheduler)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        dispatcher.Subscriptions.Wake = Wake;
        running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        await timer.DisposeAsync().ConfigureAwait(false);
        stopping.Dispose();
        signal.Dispose();
    }

    private void Wake()
    {
        try
        {
            signal.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // Woken already, or stopped.
        }
    }

    private async Task RunAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            var wait = TimeSpan.FromSeconds(1);
            try
            {
                wait = dispatcher.Subscriptions.Tick();
                dispatcher.Sessions.Expire();
            }
            catch (Exception error)
            {
                logger.SchedulerFailed(error);
            }

            try
            {
                // Timers count whole milliseconds and would come a little early; a round for nothing.
                timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                await signal.WaitAsync(stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
