using FloorGateway.Model.Ports;

namespace FloorGateway.Hosting;

/// <summary>A destination that could not be opened when the gateway was started: tried again with each delivery. Its samples wait in the journal, and everything else runs.</summary>
/// <param name="name">The feed's name.</param>
/// <param name="maxBatch">Samples of one delivery.</param>
/// <param name="open">Opens it, or says in an <see cref="IOException"/> what is wrong.</param>
internal sealed class LateDestination(string name, int maxBatch, Func<IFeedDestination> open) : IFeedDestination
{
    // Somebody has to move a file: nobody does that within less.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private IFeedDestination? opened;

    public string Name => name;

    public int MaxBatch => maxBatch;

    public string? Hindrance => opened is null ? "it could not be opened yet" : opened.Hindrance;

    public ValueTask<DeliveryResult> DeliverAsync(FeedBatch batch, CancellationToken cancel)
    {
        try
        {
            opened ??= open();
        }
        catch (IOException fault)
        {
            return ValueTask.FromResult(DeliveryResult.Retry(fault.Message, Pause));
        }

        return opened.DeliverAsync(batch, cancel);
    }

    public ValueTask DisposeAsync() => opened?.DisposeAsync() ?? ValueTask.CompletedTask;
}
