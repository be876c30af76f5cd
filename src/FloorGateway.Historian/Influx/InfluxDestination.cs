using FloorGateway.Model.Ports;
using FloorGateway.Model.Tags;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Historian.Influx;

/// <summary>
/// Delivers a feed to InfluxDB (1.x, 2.x, 3.x) or to a server that speaks its write API. Writing the same batch twice changes nothing. What waited through an outage
/// comes beside the live samples, sorted by series, in several requests at a time.
/// </summary>
public sealed class InfluxDestination : IFeedDestination
{
    private readonly InfluxOptions options;
    private readonly InfluxSender sender;
    private readonly InfluxLane live;
    private readonly InfluxLane backlog;

    /// <param name="catalog">Names of the tags.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="clock">For Retry-After given as a date.</param>
    /// <param name="logger">Null = silent.</param>
    /// <param name="handler">In place of the socket handler; disposed with this.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names every fault.</exception>
    public InfluxDestination(ITagCatalog catalog, InfluxOptions options, TimeProvider? clock = null, ILogger<InfluxDestination>? logger = null, HttpMessageHandler? handler = null)
    {
        var faults = options.Validate();
        if (faults.Count > 0)
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        this.options = options;
        sender = new InfluxSender(options, clock ?? TimeProvider.System, logger ?? NullLogger<InfluxDestination>.Instance, handler);
        live = new InfluxLane(catalog, options, sender, requests: 1);
        backlog = new InfluxLane(catalog, options, sender, options.BacklogRequests);
    }

    public string Name => options.Name;

    public int MaxBatch => options.MaxBatch;

    public int MaxBacklogBatch => options.MaxBacklogBatch;

    /// <summary>Bytes sent in request bodies so far, as they went over the wire.</summary>
    public long BytesSent => sender.BytesSent;

    public ValueTask<DeliveryResult> DeliverAsync(FeedBatch batch, CancellationToken cancel) => (batch.IsBacklog ? backlog : live).DeliverAsync(batch, cancel);

    public ValueTask DisposeAsync()
    {
        sender.Dispose();
        live.Dispose();
        backlog.Dispose();
        return ValueTask.CompletedTask;
    }
}
