using FloorGateway.Cli;
using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.TestKit;

namespace FloorGateway.Tests.Cli;

public sealed class HistoryExportTests : IDisposable
{
    private readonly TempDirectory folder = new();
    private readonly string config;

    public HistoryExportTests() =>
        File.WriteAllText(config = folder["gateway.yaml"], "gateway: {id: a, data: data}\nservers: {s: {url: opc.tcp://localhost}}\n");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Exports_what_matches_beside_the_gateway_that_writes_it()
    {
        var time = new DateTime(2027, 3, 15, 8, 0, 0, DateTimeKind.Utc).Ticks;
        await using var history = new SqliteHistory(new TwoTags(), new SqliteHistoryOptions { Path = folder["data/history.db"] });
        var samples = Enumerable.Range(0, 6).Select(i => new Sample { Tag = i % 2, SourceTime = time + (i * TimeSpan.TicksPerMinute), Value = TagValue.From((double)i) }).ToArray();
        Assert.Equal(DeliveryOutcome.Delivered, (await history.DeliverAsync(new(0, samples, []), CancellationToken.None)).Outcome);

        var (code, output, _) = await Run("--tag", "*/B", "--from", "2027-03-15T08:02");
        Assert.Equal(
            (ExitCodes.Ok, "time,path,value,quality,status\n2027-03-15T08:03:00.0000000Z,LXE/U/B,3,Good,0x00000000\n2027-03-15T08:05:00.0000000Z,LXE/U/B,5,Good,0x00000000\n"),
            (code, output));
        (code, output, _) = await Run("--out", folder["all.csv"]);
        Assert.Equal((ExitCodes.Ok, 7), (code, (await File.ReadAllLinesAsync(folder["all.csv"])).Length));
        Assert.StartsWith("6 samples of 2 tags", output, StringComparison.Ordinal);
        var (refused, _, error) = await Run("--tag", "no/such");
        Assert.Equal(ExitCodes.BadConfiguration, refused);
        Assert.Contains("no tag that matches", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_that_is_not_there_yet_is_named()
    {
        var (code, _, error) = await Run();
        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Contains("there is no history at", error, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> Run(params string[] more)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLineEntry.RunAsync(["history", "export", "--config", config, .. more], output, error);
        return (code, output.ToString(), error.ToString());
    }

    private sealed class TwoTags : ITagCatalog
    {
        public int Count => 2;

        public TagDefinition this[int id] => new() { Id = id, Path = $"LXE/U/{"AB"[id]}", Server = "s", EquipmentType = "T", UnitPath = "LXE/U", Signal = $"{"AB"[id]}" };

        public bool TryFind(string path, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TagDefinition? tag)
        {
            tag = null;
            return false;
        }
    }
}
