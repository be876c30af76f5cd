using System.Buffers;
using System.Globalization;
using System.Text.Json;
using FloorGateway.Hmi.Api;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Tags;

namespace FloorGateway.Hmi.Live;

/// <summary>
/// Tells screens which tags have changed, as server-sent events. While anyone watches it looks every <see cref="HmiOptions.LiveInterval"/> and makes each
/// event once for all screens that watch the same prefix; while nobody does it rests.
/// </summary>
public sealed class LiveChanges : IAsyncDisposable
{
    private readonly ITagCatalog catalog;
    private readonly ILiveTags live;
    private readonly TimeProvider clock;
    private readonly HmiOptions options;
    private readonly string epoch;
    private readonly Lock gate = new();
    private readonly List<LiveSubscription> watchers = [];
    private readonly CancellationTokenSource stopping = new();
    private Task watching = Task.CompletedTask;
    private bool disposed;

    public LiveChanges(ITagCatalog catalog, ILiveTags live, TimeProvider clock, HmiOptions options)
    {
        this.catalog = catalog;
        this.live = live;
        this.clock = clock;
        this.options = options;
        epoch = clock.GetUtcNow().UtcTicks.ToString("x", CultureInfo.InvariantCulture);
    }

    /// <summary>A mark of the present moment: a subscription from it misses nothing that changes after this call.</summary>
    public string Mark() => Mark(live.Version);

    /// <param name="prefix">Paths of interest begin with it; empty = all.</param>
    /// <param name="since">A <see cref="Mark()"/> or an event's id; null, or one of another run of the gateway: the first event holds every tag that has a value.</param>
    public LiveSubscription Subscribe(string prefix, string? since)
    {
        var watcher = new LiveSubscription(prefix, Leave);
        lock (gate)
        {
            if (disposed)
            {
                watcher.Complete();
                return watcher;
            }

            // First what it has missed, then the common events; some changes may come in both.
            watchers.Add(watcher);
            watcher.Offer(Changes(prefix, VersionOf(since), live.Version));
            if (watchers.Count == 1)
                watching = WatchAsync(watching, live.Version);
        }

        return watcher;
    }

    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
            running = watching;
            foreach (var watcher in watchers)
                watcher.Complete();
            watchers.Clear();
        }

        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private void Leave(LiveSubscription watcher)
    {
        lock (gate)
            watchers.Remove(watcher);
        watcher.Complete();
    }

    private async Task WatchAsync(Task before, long seen)
    {
        await before;
        using var timer = new PeriodicTimer(options.LiveInterval, clock);
        var spoke = clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                LiveSubscription[] all;
                lock (gate)
                {
                    if (watchers.Count == 0)
                        return;
                    all = [.. watchers];
                }

                var now = live.Version;
                if (now == seen && clock.GetElapsedTime(spoke) < options.HeartbeatInterval)
                    continue;
                foreach (var alike in all.GroupBy(watcher => watcher.Prefix, StringComparer.Ordinal))
                {
                    var changes = Changes(alike.Key, seen, now);
                    foreach (var watcher in alike)
                        watcher.Offer(changes);
                }

                (seen, spoke) = (now, clock.GetTimestamp());
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    // An event with an empty list is the sign of life: it carries the time, and its id moves the reader on.
    private ReadOnlyMemory<byte> Changes(string prefix, long since, long now)
    {
        var text = new ArrayBufferWriter<byte>(4096);
        text.Write("id: "u8);
        text.Write(System.Text.Encoding.ASCII.GetBytes(Mark(now)));
        text.Write("\nevent: tags\ndata: "u8);
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteString("time", clock.GetUtcNow().UtcDateTime);
            writer.WriteStartArray("tags");
            for (var id = 0; id < catalog.Count; id++)
            {
                if (live.VersionOf(id) <= since || !live.TryGet(id, out var sample) || catalog[id] is not { Active: true } tag || !tag.Path.StartsWith(prefix, StringComparison.Ordinal))
                    continue;
                writer.WriteStartObject();
                writer.WriteString("path", tag.Path);
                TagJson.WriteSample(writer, sample);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        text.Write("\n\n"u8);
        return text.WrittenMemory;
    }

    private string Mark(long version) => string.Create(CultureInfo.InvariantCulture, $"{epoch}-{version}");

    private long VersionOf(string? mark) =>
        mark is not null && mark.StartsWith(epoch + "-", StringComparison.Ordinal) && long.TryParse(mark.AsSpan(epoch.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
