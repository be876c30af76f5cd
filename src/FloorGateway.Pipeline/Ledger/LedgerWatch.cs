using FloorGateway.Model.Status;
using FloorGateway.Pipeline.Conditions;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Ledger;

/// <summary>Adds up the ledger all the time, and raises a condition of the highest priority while a sum does not close.</summary>
internal sealed partial class LedgerWatch : IAsyncDisposable
{
    /// <summary>The condition's name.</summary>
    public const string Condition = "LedgerOpen";

    private const string Source = "ledger";

    // A difference does not go away by itself; looking more often would find nothing more.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Func<IReadOnlyList<string>> differences;
    private readonly ConditionBook conditions;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task loop;
    private bool raised;

    /// <param name="differences">Every sum that does not close, in words.</param>
    /// <param name="conditions">Where the condition stands.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of each new difference.</param>
    public LedgerWatch(Func<IReadOnlyList<string>> differences, ConditionBook conditions, TimeProvider time, ILogger<LedgerWatch> logger)
    {
        (this.differences, this.conditions, this.time, this.logger) = (differences, conditions, time, logger);
        loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
                Check();
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }

    private void Check()
    {
        var found = differences();
        if (found.Count > 0 == raised)
            return;
        raised = found.Count > 0;
        if (!raised)
        {
            conditions.Clear(Condition, Source, "all sums close");
            return;
        }

        var text = string.Join("; ", found);
        conditions.Raise(new GatewayCondition(Condition, 1, Source, "", time.GetUtcNow(), $"the ledger does not close: {text}. Samples were lost or counted twice: keep the data folder and report it"));
        LogOpen(text);
    }

    [LoggerMessage(1556, LogLevel.Error, "THE LEDGER DOES NOT CLOSE: {Differences}. Samples were lost or counted twice: keep the data folder and report it")]
    private partial void LogOpen(string differences);
}
