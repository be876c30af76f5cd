using FloorGateway.Model.Status;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Conditions;

/// <summary>What the gateway has noticed about the equipment's values and that is not over yet. Thread-safe; a condition is said in the log when it comes and when it goes.</summary>
public sealed partial class ConditionBook(ILogger<ConditionBook> logger)
{
    private readonly Dictionary<(string Name, string Source), GatewayCondition> active = [];
    private readonly Lock gate = new();
    private readonly ILogger logger = logger;

    /// <summary>The most urgent first, then the oldest.</summary>
    public IReadOnlyList<GatewayCondition> Active
    {
        get
        {
            lock (gate)
                return [.. active.Values.OrderBy(c => c.Priority).ThenBy(c => c.Since)];
        }
    }

    /// <summary>A condition is there; one that is known already stays as it is.</summary>
    public void Raise(GatewayCondition condition)
    {
        lock (gate)
        {
            if (!active.TryAdd((condition.Name, condition.Source), condition))
                return;
        }

        LogRaised(condition.Priority < 4 ? LogLevel.Warning : LogLevel.Information, condition.Name, condition.Source, condition.Message);
    }

    /// <summary>It is over.</summary>
    /// <param name="name">The condition's name.</param>
    /// <param name="source">What it was about.</param>
    /// <param name="how">What is to be known of it afterwards, in one sentence.</param>
    public void Clear(string name, string source, string how)
    {
        lock (gate)
        {
            if (!active.Remove((name, source)))
                return;
        }

        LogCleared(name, source, how);
    }

    [LoggerMessage(EventId = 1550, Message = "{Condition} at {Source}: {Message}")]
    private partial void LogRaised(LogLevel level, string condition, string source, string message);

    [LoggerMessage(1551, LogLevel.Information, "{Condition} at {Source} is over: {How}")]
    private partial void LogCleared(string condition, string source, string how);
}
