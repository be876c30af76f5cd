namespace Benchmarks.Chain;

/// <summary>A gateway's process and its own account of what it has delivered.</summary>
internal interface IGatewayUnderTest : IAsyncDisposable
{
    int ProcessId { get; }

    /// <summary>What both destinations have so far, and what is received and not yet there.</summary>
    Task<(long Delivered, long Waiting)> CountAsync();
}
