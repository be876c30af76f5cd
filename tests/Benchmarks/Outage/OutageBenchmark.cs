using System.Diagnostics;
using System.Globalization;
using FloorGateway.Historian.Influx;
using FloorGateway.Model.Samples;
using FloorGateway.Pipeline;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Simulators.Profiles;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Benchmarks.Outage;

/// <summary>
/// InfluxDB is down for days while the whole plant goes on (in virtual time, through the real pipeline onto the real disk); then it is back, and what waited is
/// delivered in real time beside live samples at the plant's rate.
/// </summary>
internal static class OutageBenchmark
{
    // What a plant produces without pause repeats itself sooner or later; this much of it is simulated and played again.
    private const int RecordedSeconds = 300;

    // Segments of 64 MB of rows that may wait to be packed: the disk holds no more than it would in real time.
    private const int MostUnpacked = 8;

    // Before the outage.
    private const int KnownSeconds = 60;

    public static async Task<int> RunAsync(OutageOptions options)
    {
        using var temporary = new TempDirectory();
        var folder = options.Folder ?? temporary.Path;
        await using var database = await OutageDatabase.StartAsync(options);
        var watch = Stopwatch.StartNew();
        var plant = PlantRecording.Make(SimulationProfile.Plant, TimeSpan.FromSeconds(120), RecordedSeconds);
        var rate = plant.Samples / (double)plant.Length;
        Say($"plant: {plant.Tags.Count:N0} tags on {plant.Servers.Count} servers, {rate:N0} samples/s; {plant.Length} s recorded in {watch.Elapsed.TotalSeconds:N0} s");

        var hours = options.Hours;
        var time = new ManualTimeProvider();
        var begin = time.GetUtcNow();
        var seconds = (int)(hours * 3600);
        watch.Restart();
        if (!options.IsFilled)
            await FillAsync(plant, folder, time, seconds, database.Url, options);
        var journal = new DirectoryInfo(Path.Combine(folder, "journal")).EnumerateFiles().Sum(f => f.Length);
        var samples = plant.Samples * (seconds / (double)plant.Length);
        Say($"outage: {hours:N1} h, {samples / 1e6:N1} million samples in {watch.Elapsed.TotalSeconds:N0} s; {journal / 1e9:N2} GB on disk = {journal / samples:N2} bytes a sample; 48 h are {journal / hours * 48 / 1e9:N2} GB (goal 6)");

        if (options.DrainSeconds > 0)
            await DrainAsync(plant, folder, begin + TimeSpan.FromSeconds(KnownSeconds + seconds), KnownSeconds + seconds, rate, database, options);
        return 0;
    }

    private static async Task FillAsync(PlantRecording plant, string folder, ManualTimeProvider time, int seconds, Uri url, OutageOptions options)
    {
        await using var pipeline = Open(plant, folder, time, out var destination, url, options);
        await pipeline.StartAsync(CancellationToken.None);
        var batches = plant.Servers.Select(_ => new SampleBatch(1024)).ToArray();
        var appends = new Task[plant.Servers.Count];
        // The database knows the plant when it goes down: nobody's series are all new after an outage.
        destination.SwitchOn();
        for (var second = 0; second < KnownSeconds + seconds; second++)
        {
            if (second == KnownSeconds)
            {
                await pipeline.DrainAsync(TimeSpan.FromMinutes(5));
                destination.SwitchOff();
            }

            var now = time.GetUtcNow().UtcTicks;
            for (var server = 0; server < appends.Length; server++)
            {
                batches[server].Clear();
                plant.Fill(batches[server], second, server, now);
                appends[server] = pipeline.AppendAsync(plant.Servers[server], batches[server], CancellationToken.None).AsTask();
            }

            await Task.WhenAll(appends);
            time.Advance(TimeSpan.FromSeconds(1));
            if (second % 60 == 0)
                await PackedAsync(folder, MostUnpacked);
            if (second % 3600 == 0)
                Progress($"{second / 3600} of {seconds / 3600.0:N1} h are in the journal");
        }

        await PackedAsync(folder, 1);
        var journal = new DirectoryInfo(Path.Combine(folder, "journal"));
        var packed = journal.EnumerateFiles("*.packed.journal").Sum(f => f.Length);
        // A segment's name ends with the number of its first sample: all before the open one are packed.
        var samples = journal.EnumerateFiles("*.journal").Select(f => long.Parse(f.Name.Split('-')[1].Split('.')[0], CultureInfo.InvariantCulture)).Max();
        Say($"  packed segments take {packed / (double)Math.Max(1, samples):N2} bytes a sample");
        var ledger = pipeline.Snapshot();
        Say($"  {ledger.Feeds[0].Waiting:N0} samples wait, {ledger.Feeds[0].Expired:N0} have expired; the ledger {(ledger.Closes ? "closes" : "DOES NOT CLOSE: " + string.Join("; ", ledger.Differences))}");
        foreach (var batch in batches)
            batch.Dispose();
    }

    /// <summary>In real time a closed segment is packed long before the next one is full; here they come a hundred times as fast, so they are waited for.</summary>
    private static async Task PackedAsync(string folder, int most)
    {
        var (journal, watch) = (new DirectoryInfo(Path.Combine(folder, "journal")), Stopwatch.StartNew());
        while (watch.Elapsed < TimeSpan.FromMinutes(30) && journal.EnumerateFiles("*.journal").Count(f => !f.Name.EndsWith(".packed.journal", StringComparison.Ordinal)) > most)
            await Task.Delay(500);
    }

    private static async Task DrainAsync(PlantRecording plant, string folder, DateTimeOffset now, int second, double rate, OutageDatabase database, OutageOptions options)
    {
        var time = new LaterClock(now);
        await using var pipeline = Open(plant, folder, time, out var destination, database.Url, options);
        await pipeline.StartAsync(CancellationToken.None);
        var backlog = pipeline.Snapshot().Feeds[0].Waiting;
        destination.SwitchOn();
        var (cpu, serverCpu) = (Environment.CpuUsage.TotalTime, database.Cpu);
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        using var batch = new SampleBatch(1024);
        do
        {
            // A second of the plant, as its servers would send it by now.
            var from = time.GetUtcNow().UtcTicks - TimeSpan.TicksPerSecond;
            for (var server = 0; server < plant.Servers.Count; server++)
            {
                batch.Clear();
                plant.Fill(batch, second, server, from);
                await pipeline.AppendAsync(plant.Servers[server], batch, CancellationToken.None);
            }

            if (++second % 30 == 0)
                Progress($"{destination.Replayed:N0} of {backlog:N0} samples caught up in {watch.Elapsed.TotalSeconds:N0} s, {destination.Replayed / watch.Elapsed.TotalSeconds / rate:N1} x real time");
            await timer.WaitForNextTickAsync();
        }
        while (watch.Elapsed.TotalSeconds < options.DrainSeconds && (destination.Replayed == 0 || pipeline.Snapshot().Feeds[0].Backlog > 0));

        var elapsed = watch.Elapsed.TotalSeconds;
        (cpu, serverCpu) = (Environment.CpuUsage.TotalTime - cpu, database.Cpu - serverCpu);
        var drained = destination.Replayed;
        var lags = destination.LiveLags();
        var ledger = pipeline.Snapshot();
        Say($"drain: {drained:N0} of {backlog:N0} samples in {elapsed:N0} s = {drained / elapsed:N0}/s, {drained / elapsed / rate:N1} x real time (goal 20), into {database.Name}, gzip {(options.Gzip ? "on" : "off")}, arrays as {options.Arrays}");
        Say($"cores: {cpu.TotalSeconds / elapsed:N2} of this process, plant included = {drained / cpu.TotalSeconds:N0} samples per CPU-second; {serverCpu.TotalSeconds / elapsed:N2} of the database's = {drained / serverCpu.TotalSeconds:N0}; {destination.BytesSent / (double)(destination.Replayed + destination.Live):N1} bytes sent a sample");
        if (lags.Length > 0)
            Say($"live meanwhile: {lags.Length} batches; receipt to acknowledgement {lags[lags.Length / 2]:N0} ms median, {lags[(int)(lags.Length * 0.95)]:N0} ms p95, {lags[^1]:N0} ms at most");
        Say($"ledger: {(ledger.Closes ? "closes" : "DOES NOT CLOSE: " + string.Join("; ", ledger.Differences))}; {ledger.Feeds[0].Backlog:N0} still wait");
    }

    private static GatewayPipeline Open(PlantRecording plant, string folder, TimeProvider time, out SwitchedDestination destination, Uri url, OutageOptions options)
    {
        var pipeline = GatewayPipeline.Open(
            new PipelineOptions
            {
                DataFolder = folder,
                Tags = plant.Tags,
                // In virtual time a flush each 100 ms would be 1.7 million of them; what is measured here is size and speed.
                Journal = new JournalOptions { Folder = Path.Combine(folder, "journal"), FlushInterval = TimeSpan.FromSeconds(time is ManualTimeProvider ? 60 : 0.1), KeepBytes = 0, RetentionInterval = TimeSpan.FromMinutes(10) },
                CursorInterval = time is ManualTimeProvider ? TimeSpan.FromSeconds(10) : TimeSpan.FromMilliseconds(250),
                DrainTimeout = TimeSpan.Zero,
            },
            time,
            NullLoggerFactory.Instance);
        var influx = new InfluxDestination(pipeline.Catalog, new InfluxOptions { Name = "influx", Url = url, Api = InfluxApi.V1, Database = "plant", CreateDatabase = true, Gzip = options.Gzip, Lines = new() { Arrays = options.Arrays } });
        destination = new SwitchedDestination(influx, time);
        pipeline.AddFeed(destination, new FeedOptions { StartAt = FeedStart.Head });
        return pipeline;
    }

    /// <summary>On one line that is written again where a person watches; not in files and pipes.</summary>
    private static void Progress(FormattableString line)
    {
        if (!Console.IsOutputRedirected)
            Console.Write($"\r  {line.ToString(CultureInfo.InvariantCulture)}      ");
    }

    private static void Say(FormattableString line) => Console.WriteLine((Console.IsOutputRedirected ? "" : "\r") + line.ToString(CultureInfo.InvariantCulture));
}
