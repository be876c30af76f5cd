using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Tests.Support;

/// <summary>Keeps what was warned of.</summary>
internal sealed class WarningLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> lines = [];

    /// <summary>Warnings and errors: their numbers and texts.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            lines.Enqueue($"{eventId.Id} {formatter(state, exception)}");
    }

    public void Dispose()
    {
    }
}
