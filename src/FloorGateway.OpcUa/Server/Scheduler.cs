using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Server;

/// <summary>
/// Drives subscriptions and timeouts: a timer that is set to when the next thing is due, and does it where it fires. Handing over to a task would
/// wake one more thread for every publishing.
/// </summary>
internal sealed class Scheduler : IAsyncDisposable
{
    private readonly ServiceDispatcher dispatcher;
    private readonly ILogger logger;
    private readonly ITimer timer;
    private int rounds; // asked for and not done; whoever makes it 1 does them all
    private int woken;
    private bool stopped;

    public Scheduler(ServiceDispatcher dispatcher, TimeProvider clock, ILogger logger)
    {
        this.dispatcher = dispatcher;
        this.logger = logger;
        timer = clock.CreateTimer(static state => ((Scheduler)state!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        dispatcher.Subscriptions.Wake = Wake;
        Wake();
    }

    public ValueTask DisposeAsync()
    {
        Volatile.Write(ref stopped, true);
        return timer.DisposeAsync();
    }

    // Called under the subscriptions' lock, so the round itself is for the timer's thread.
    private void Wake()
    {
        Volatile.Write(ref woken, 1);
        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Run()
    {
        if (Interlocked.Increment(ref rounds) != 1)
            return;
        int seen;
        do
        {
            seen = Volatile.Read(ref rounds);
            if (Volatile.Read(ref stopped))
                return;
            Volatile.Write(ref woken, 0);
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

            // Timers count whole milliseconds and would come a little early; a round for nothing.
            timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
            if (Volatile.Read(ref woken) != 0)
                timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan); // the line above may have undone it
        }
        while (Interlocked.CompareExchange(ref rounds, 0, seen) != seen);
    }
}
