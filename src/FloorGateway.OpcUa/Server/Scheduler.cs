using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Server;

/// <summary>
/// Drives subscriptions and timeouts. With the system's clock a thread of its own sleeps until the next thing is due: a timer of the runtime wakes
/// its own thread two or three times for each publishing, and then one of the pool. With any other clock, a timer of that clock does it.
/// </summary>
internal sealed class Scheduler : IAsyncDisposable
{
    private readonly ServiceDispatcher dispatcher;
    private readonly ILogger logger;
    private readonly object sync = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer? timer;
    private int rounds; // asked for and not done; whoever makes it 1 does them all
    private int woken;
    private bool stopped;

    public Scheduler(ServiceDispatcher dispatcher, TimeProvider clock, ILogger logger)
    {
        this.dispatcher = dispatcher;
        this.logger = logger;
        dispatcher.Subscriptions.Wake = Wake;
        if (clock == TimeProvider.System)
        {
            new Thread(RunThread) { IsBackground = true, Name = "OPC UA schedule" }.Start();
            return;
        }

        timer = clock.CreateTimer(static state => ((Scheduler)state!).RunTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Wake();
    }

    public ValueTask DisposeAsync()
    {
        Volatile.Write(ref stopped, true);
        if (timer is not null)
            return timer.DisposeAsync();
        Wake();
        return new ValueTask(ended.Task);
    }

    // Called under the subscriptions' lock, so the round itself is for the timer's thread.
    private void Wake()
    {
        if (timer is not null)
        {
            Volatile.Write(ref woken, 1);
            timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            return;
        }

        lock (sync)
        {
            woken = 1;
            Monitor.Pulse(sync);
        }
    }

    private void RunThread()
    {
        while (!Volatile.Read(ref stopped))
        {
            var wait = Round();
            lock (sync)
            {
                if (woken == 0 && wait > TimeSpan.Zero)
                    Monitor.Wait(sync, wait);
                woken = 0;
            }
        }

        ended.SetResult();
    }

    private void RunTimer()
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
            timer!.Change(Round(), Timeout.InfiniteTimeSpan);
            if (Volatile.Read(ref woken) != 0)
                timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan); // the line above may have undone it
        }
        while (Interlocked.CompareExchange(ref rounds, 0, seen) != seen);
    }

    private TimeSpan Round()
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

        // Waits count whole milliseconds and would end a little early; a round for nothing.
        return TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
    }
}
