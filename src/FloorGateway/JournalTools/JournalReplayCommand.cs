using FloorGateway.Cli;
using FloorGateway.Configuration;
using FloorGateway.Hosting;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Pipeline.Journal;
using Microsoft.Extensions.Logging;

namespace FloorGateway.JournalTools;

/// <summary>
/// <c>floorgateway journal replay</c>: gives a range of the journal to a configured feed's destination once more, marked as replay. It has its own way there: the feed's
/// cursor and the ledger are those of first deliveries and stay as they are.
/// </summary>
public static class JournalReplayCommand
{
    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryMost = TimeSpan.FromSeconds(30);

    /// <summary>Runs until everything is delivered, or it is cancelled.</summary>
    /// <param name="configuration">With the feed.</param>
    /// <param name="feedName">Its name.</param>
    /// <param name="selection">Which samples.</param>
    /// <param name="output">Gets the result.</param>
    /// <param name="error">Gets what hinders.</param>
    /// <param name="cancel">Ends early; what was acknowledged by then was delivered.</param>
    public static async Task<int> ExecuteAsync(GatewayConfiguration configuration, string feedName, JournalSelection selection, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        var place = new JournalPlace(configuration.Gateway.DataFolder);
        if (!JournalInspectCommand.IsThere(place, error))
            return ExitCodes.BadConfiguration;
        if (configuration.Feeds.FirstOrDefault(f => f.Name == feedName) is not { } feed)
        {
            await error.WriteLineAsync($"floorgateway: there is no feed '{feedName}'; there are {string.Join(", ", configuration.Feeds.Select(f => f.Name))}");
            return ExitCodes.BadConfiguration;
        }

        // The embedded history is one file with one writer.
        using var held = feed is HistoryFeedSettings ? place.TryLock() : null;
        if (feed is HistoryFeedSettings && held is null)
        {
            await error.WriteLineAsync($"floorgateway: a gateway is using {place.DataFolder}; stop it to replay into its history");
            return ExitCodes.BadConfiguration;
        }

        using var loggers = ConsoleLogging.Create(LogLevel.Warning);
        var catalog = place.ReadCatalog();
        await using var destination = FeedDestinations.Create(Apart(feed), configuration with { Gateway = Apart(configuration.Gateway) }, catalog, TimeProvider.System, loggers);
        using var query = new JournalQuery(place.Journal, selection.Range(catalog));
        using var batch = new SampleBatch();
        var run = new Delivery(destination, error, cancel);
        try
        {
            while (query.TryRead(batch))
            {
                cancel.ThrowIfCancellationRequested();
                foreach (ref var sample in batch.Samples)
                    sample.Origin = SampleOrigin.Replay;
                for (var at = 0; at < batch.Count; at += destination.MaxBatch)
                    await run.DeliverAsync(query.FirstSequence, batch.Memory.Slice(at, Math.Min(destination.MaxBatch, batch.Count - at)));
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await output.WriteLineAsync("stopped before the end");
        }

        await output.WriteLineAsync($"{run.Delivered} samples delivered to {feedName} again, {run.Refused} refused{(query.Missing > 0 ? $"; {query.Missing} samples of the journal can't be read" : "")}");
        return run.Refused > 0 || query.Missing > 0 || cancel.IsCancellationRequested ? ExitCodes.RunFailed : ExitCodes.Ok;
    }

    /// <summary>A session of its own beside the running gateway's, and old values never in the place of retained present ones.</summary>
    private static FeedSettings Apart(FeedSettings feed) =>
        feed is MqttFeedSettings mqtt ? mqtt with { ClientId = mqtt.ClientId is { } id ? id + "-replay" : null, Retain = false } : feed;

    private static GatewaySettings Apart(GatewaySettings gateway) => gateway with { Id = gateway.Id + "-replay" };

    /// <summary>Delivers batch after batch, for as long as it takes; what is refused is found by halving.</summary>
    private sealed class Delivery(IFeedDestination destination, TextWriter error, CancellationToken cancel)
    {
        public long Delivered { get; private set; }

        public long Refused { get; private set; }

        public async Task DeliverAsync(long sequence, ReadOnlyMemory<Sample> samples)
        {
            var wait = RetryFirst;
            var told = "";
            while (true)
            {
                var result = await destination.DeliverAsync(new FeedBatch(sequence, samples, []), cancel);
                switch (result.Outcome)
                {
                    case DeliveryOutcome.Delivered:
                        Delivered += samples.Length;
                        return;
                    case DeliveryOutcome.Rejected when result.Refused is { Count: > 0 } named:
                        Delivered += samples.Length - named.Count;
                        Refused += named.Count;
                        await error.WriteLineAsync($"refused: {named.Count} samples, the first: {named[0].Reason}");
                        return;
                    case DeliveryOutcome.Rejected when samples.Length == 1:
                        Refused++;
                        await error.WriteLineAsync($"refused: {result.Reason}");
                        return;
                    case DeliveryOutcome.Rejected:
                        await DeliverAsync(sequence, samples[..(samples.Length / 2)]);
                        await DeliverAsync(sequence, samples[(samples.Length / 2)..]);
                        return;
                }

                if (told != (told = result.Reason ?? ""))
                    await error.WriteLineAsync($"{destination.Name} can't take it now, tried again: {told}");
                await Task.Delay(result.RetryAfter > wait ? result.RetryAfter.Value : wait, TimeProvider.System, cancel);
                wait = wait * 2 < RetryMost ? wait * 2 : RetryMost;
            }
        }
    }
}
