using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

/// <summary>Keeps log lines.</summary>
internal sealed class ListLogger : ILoggerFactory, ILogger
{
    private readonly Lock gate = new();
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

    /// <summary>Completes once a line with this text was written.</summary>
    public async Task WaitForAsync(string text)
    {
        while (true)
        {
            Task next;
            lock (gate)
                next = more.Task;
            if (Lines.Any(l => l.Text.Contains(text, StringComparison.Ordinal)))
                return;
            await next;
        }
    }

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue((logLevel, formatter(state, exception)));
        lock (gate)
        {
            more.TrySetResult();
            more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Dispose()
    {
    }
}
