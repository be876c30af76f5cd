using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Benchmarks.Stages;
using FloorGateway.Historian.Influx;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.TestKit;
using FloorGateway.TestKit.Foreign;

namespace Benchmarks.History;

/// <summary>The InfluxDB feed beside InfluxData's own client for Node.js: the same values in the same schema, gzip, the same server that answers 204; CPU time of the writing process.</summary>
internal static class LineBenchmark
{
    private const int Batch = 5000;

    public static async Task<int> RunAsync(TimeSpan cpu, int rounds)
    {
        var port = Ports.Free();
        await using var sink = ForeignProcess.Start("dotnet", ["exec", typeof(LineBenchmark).Assembly.Location, "sink", "--port", $"{port}"]);
        await sink.WaitForLineAsync("READY");
        Console.WriteLine("fields a line   ours, fields/CPU-s   @influxdata/influxdb-client   ratio   allocated B a field   bytes sent a field: ours, theirs");
        foreach (var fields in (int[])[1, 10, 50])
        {
            var (ours, ourBytes) = await OursAsync(new Uri($"http://127.0.0.1:{port}/"), fields, cpu, rounds);
            var peer = new List<(double Rate, double Bytes)>();
            for (var round = 0; round < rounds; round++)
                peer.Add(await PeerAsync($"http://127.0.0.1:{port}", fields, cpu));
            var (median, theirBytes) = peer.Order().ElementAt(rounds / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fields,13} {ours.PerCpuSecond,20:N0} {median,29:N0} {ours.PerCpuSecond / median,7:0.0} {ours.AllocatedPerSample,21:0.00} {ourBytes,20:0.0} {theirBytes,7:0.0}"));
        }

        return 0;
    }

    private static async Task<(StageCost Cost, double Bytes)> OursAsync(Uri url, int fields, TimeSpan cpu, int rounds)
    {
        var options = new InfluxOptions { Url = url, Org = "bench", Bucket = "bench", Token = "bench", Lines = new() { Precision = TimePrecision.Milliseconds } };
        await using var destination = new InfluxDestination(new Tags(), options);
        var samples = new Sample[Batch];
        var (at, time) = (0, new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc).Ticks);
        var sent = 0L;
        var cost = await Meter.RunAsync(
            async () =>
            {
                for (var i = 0; i < Batch; i += fields)
                {
                    var unit = at % Tags.Units;
                    for (var k = 0; k < fields; k++, at++)
                        samples[i + k] = new Sample { Tag = (unit * Tags.Signals) + ((fields == 1 ? at : k) % Tags.Signals), SourceTime = time, Value = TagValue.From(Tags.Values[at % Tags.Values.Length]) };
                    time += TimeSpan.TicksPerMillisecond;
                }

                var result = await destination.DeliverAsync(new FeedBatch(0, samples, []), CancellationToken.None);
                sent += Batch;
                return result.Outcome == DeliveryOutcome.Delivered ? Batch : throw new InvalidOperationException(result.Reason);
            },
            cpu,
            rounds);
        return (cost, destination.BytesSent / (double)sent);
    }

    private static async Task<(double Rate, double Bytes)> PeerAsync(string url, int fields, TimeSpan cpu)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var before = await BytesAsync();
        await using var peer = NodePeer.Start("tests/Benchmarks/peers/influx-writer.mjs", url, cpu.TotalSeconds.ToString(CultureInfo.InvariantCulture), $"{fields}");
        var line = (await peer.WaitForLineAsync("DONE ", TimeSpan.FromMinutes(5))).Split(' ');
        return (double.Parse(line[1], CultureInfo.InvariantCulture), (await BytesAsync() - before) / double.Parse(line[2], CultureInfo.InvariantCulture));

        async Task<long> BytesAsync() => long.Parse((await http.GetStringAsync(new Uri(url + "/count"))).Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private sealed class Tags : ITagCatalog
    {
        public const int Units = 20;
        public const int Signals = 50;

        private readonly TagDefinition[] tags = [.. Enumerable.Range(0, Units * Signals).Select(i => new TagDefinition
        {
            Id = i, Path = $"LXE/JSH/CAS/L01/DC{i / Signals}/PRESS/Signal.{i % Signals:D2}", Server = "cas", EquipmentType = "DieCastPress",
            UnitPath = $"LXE/JSH/CAS/L01/DC{i / Signals}/PRESS", Signal = $"Signal.{i % Signals:D2}",
        })];

        /// <summary>As the peer makes them.</summary>
        public static double[] Values { get; } = [.. Enumerable.Range(0, 100_000).Select(i => i % 10 == 7 ? Math.Sin(i) : Math.Round((20 + (5 * Math.Sin(i / 50.0))) * 100) / 100)];

        public int Count => tags.Length;

        public TagDefinition this[int id] => tags[id];

        public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag) => (tag = Array.Find(tags, t => t.Path == path)) is not null;
    }
}
