using Microsoft.Extensions.Logging;

namespace Interop.Tests;

/// <summary>Keeps every log line, for tests to wait for.</summary>
internal sealed class CollectedLog : ILoggerFactory
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private readonly List<(Func<string, bool> Match, TaskCompletionSource<string> Seen)> waiters = [];

    /// <summary>Lines so far with this event id.</summary>
    public int Count(int eventId)
    {
        lock (gate)
            return lines.Count(l => l.Split(' ', 3)[1] == $"{eventId}");
    }

    /// <summary>Waits for a line that holds all the texts, also one written before the call.</summary>
    /// <exception cref="TimeoutException">With all lines.</exception>
    public async Task<string> WaitForAsync(params string[] texts)
    {
        bool Match(string line) => texts.All(text => line.Contains(text, StringComparison.Ordinal));
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (lines.Find(Match) is { } line)
                return line;
            waiters.Add((Match, seen));
        }

        try
        {
            return await seen.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            lock (gate)
                throw new TimeoutException($"No line holds {string.Join(" and ", texts)}:\n{string.Join('\n', lines)}");
        }
    }

    public ILogger CreateLogger(string categoryName) => new Collector(this);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private void Add(string line)
    {
        lock (gate)
        {
            lines.Add(line);
            foreach (var (match, seen) in waiters)
            {
                if (match(line))
                    seen.TrySetResult(line);
            }
        }
    }

    private sealed class Collector(CollectedLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add($"{logLevel} {eventId.Id} {formatter(state, exception)}");
    }
}
