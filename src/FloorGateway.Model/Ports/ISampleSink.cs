using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;

namespace FloorGateway.Model.Ports;

/// <summary>The way into the gateway: what connectors give their samples to.</summary>
public interface ISampleSink
{
    /// <summary>
    /// Normalises a batch and appends it to the journal. Once this completes the samples survive a kill of the process, and the source may be
    /// told that they have been received. Waits (back-pressure) while the journal can't take more. One call at a time per server.
    /// </summary>
    /// <param name="server">The server's name in the configuration.</param>
    /// <param name="batch">Raw samples with their tag ids, in the order received; normalised in place. Stays the caller's.</param>
    /// <param name="cancel">Gives up waiting; the batch may or may not have been appended.</param>
    ValueTask AppendAsync(string server, SampleBatch batch, CancellationToken cancel);

    /// <summary>Appends a gap record to the journal, in order with the samples.</summary>
    ValueTask AppendGapAsync(GapRecord gap, CancellationToken cancel);

    /// <summary>
    /// Shows what a server's values are at present, beside the journal: after a restart the subscriptions go on where they were, and a value that has not changed does not
    /// come again. Replaces nothing that has come meanwhile.
    /// </summary>
    /// <param name="server">The server's name in the configuration.</param>
    /// <param name="batch">Raw samples with their tag ids; normalised in place. Stays the caller's.</param>
    /// <param name="cancel">Gives up.</param>
    ValueTask ShowAsync(string server, SampleBatch batch, CancellationToken cancel) => ValueTask.CompletedTask;

    /// <summary>UTC ticks of the last moment at which the server's values were complete before this process started; null = never seen.</summary>
    long? LastComplete(string server);

    /// <summary>
    /// Samples of the server that <see cref="AppendAsync"/> was given and that would survive a kill, since the journal was made; null = not counted. With it a connector
    /// finds out after a kill whether the last batch before it was appended: the count then holds that batch, or it does not.
    /// </summary>
    long? CountReceived(string server) => null;

    /// <summary>
    /// Says that the server's values are complete up to a moment although none may have changed: call it on each keep-alive and empty notification.
    /// Only noted here; the journal keeps the newest mark about once a second, so that the gap after a kill is named tightly.
    /// </summary>
    /// <param name="server">The server's name in the configuration.</param>
    /// <param name="utcTicks">UTC ticks (100 ns) up to which everything the server had to say has been given to <see cref="AppendAsync"/>.</param>
    void MarkAlive(string server, long utcTicks)
    {
    }

    /// <summary>
    /// Holds <see cref="LastComplete"/> where it is while older values are still being fetched, although newer ones arrive meanwhile: after a kill in between, the
    /// whole stretch is fetched again instead of being taken for complete. The newer values may then come twice.
    /// </summary>
    /// <param name="server">The server's name in the configuration.</param>
    /// <param name="hold">True before the first fetched batch, false after the last one (and its gap records) has been appended.</param>
    void HoldComplete(string server, bool hold)
    {
    }
}
