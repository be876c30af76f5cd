using FloorGateway.Cli;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Tests.Cli;

public sealed class JournalVerbsTests : IDisposable
{
    private static readonly long Time = new DateTime(2027, 3, 15, 8, 0, 0, DateTimeKind.Utc).Ticks;
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Inspect_shows_the_segments_of_a_running_and_of_a_stopped_gateway()
    {
        await using (await RunningAsync())
            await AssertInspectsAsync();
        await AssertInspectsAsync();

        async Task AssertInspectsAsync()
        {
            var (code, output, error) = await RunAsync("inspect", "--data", folder["data"]);
            Assert.Equal((ExitCodes.Ok, ""), (code, error));
            Assert.Contains("rows", output, StringComparison.Ordinal);
            Assert.Contains("2027-03-15 08:00:00Z", output, StringComparison.Ordinal);
            Assert.Matches(@"all\s*│\s*│\s*│\s*300 │", output);
        }
    }

    [Fact]
    public async Task Verify_ends_with_0_for_a_sound_journal_and_with_5_for_a_damaged_one()
    {
        await (await RunningAsync()).DisposeAsync();
        var (code, output, _) = await RunAsync("verify", "--data", folder["data"]);
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("300 samples: every checksum and every value is sound", output, StringComparison.Ordinal);

        var file = Directory.GetFiles(Path.Combine(folder["data"], "journal")).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        (code, output, _) = await RunAsync("verify", "--data", folder["data"]);
        Assert.Equal(ExitCodes.JournalDamaged, code);
        Assert.Contains("checksum", output, StringComparison.Ordinal);
        Assert.Contains("100 samples missing; 200 samples can be read", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_writes_csv_of_the_range_and_tags_wanted()
    {
        await (await RunningAsync()).DisposeAsync();
        var (code, output, error) = await RunAsync("export", "--data", folder["data"], "--from", "2027-03-15T08:00:00.100Z", "--to", "2027-03-15T08:00:00.106Z", "--tag", "LXE/*/S?");
        Assert.Equal(ExitCodes.Ok, code);
        Assert.StartsWith("4 samples written", error, StringComparison.Ordinal);
        Assert.Equal(
            """
            time,tag,value,unit,status,quality,received,origin,flags
            2027-03-15T08:00:00.1000000Z,LXE/X/S1,100.5,bar,00000000,Good,2027-03-15T08:00:00.1000000Z,Live,
            2027-03-15T08:00:00.1010000Z,LXE/X/S2,"a ""text"", 101",,00000000,Good,2027-03-15T08:00:00.1010000Z,Live,
            2027-03-15T08:00:00.1030000Z,LXE/X/S1,103.5,bar,00000000,Good,2027-03-15T08:00:00.1030000Z,Live,
            2027-03-15T08:00:00.1040000Z,LXE/X/S2,"a ""text"", 104",,00000000,Good,2027-03-15T08:00:00.1040000Z,Live,
            """.ReplaceLineEndings("\r\n") + "\r\n",
            output);
    }

    [Fact]
    public async Task Export_writes_line_protocol_to_a_file()
    {
        await (await RunningAsync()).DisposeAsync();
        var (code, output, _) = await RunAsync("export", "--data", folder["data"], "--format", "lines", "--tag", "*/S1", "--out", folder["out.lp"]);
        Assert.Equal((ExitCodes.Ok, ""), (code, output));
        var lines = await File.ReadAllLinesAsync(folder["out.lp"]);
        Assert.Equal(100, lines.Length);
        Assert.StartsWith("Press,", lines[1], StringComparison.Ordinal);
        Assert.Contains("S1=4.5", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_gives_a_range_to_a_feed_again()
    {
        await (await RunningAsync()).DisposeAsync();
        var (code, output, error) = await RunAsync("replay", "history", "--config", Config(), "--tag", "*/S1", "--to", "2027-03-15T08:00:00.150Z");
        Assert.Equal((ExitCodes.Ok, ""), (code, error));
        Assert.Contains("50 samples delivered to history again, 0 refused", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder["data"], "history.db")));
    }

    [Fact]
    public async Task Replay_into_the_history_of_a_running_gateway_is_refused()
    {
        await using var running = await RunningAsync();
        var (code, _, error) = await RunAsync("replay", "history", "--config", Config());
        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Contains("stop it", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("is not there", "inspect", "--data", "/nowhere/at/all")]
    [InlineData("is no time", "export", "--from", "soon")]
    [InlineData("leave one out", "verify", "--data", "a", "--config", "b")]
    public async Task What_cannot_be_done_is_said_with_its_remedy(string message, params string[] arguments)
    {
        var (code, _, error) = await RunAsync(arguments);
        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_into_a_feed_that_is_not_there_names_those_that_are()
    {
        await (await RunningAsync()).DisposeAsync();
        var (code, _, error) = await RunAsync("replay", "influx", "--config", Config());
        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Contains("there are history", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLineEntry.RunAsync(["journal", .. arguments], output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private string Config()
    {
        File.WriteAllText(
            folder["gateway.yaml"],
            $$"""
            gateway: {id: edge-01, data: '{{folder["data"]}}'}
            servers:
              cas: {url: "opc.tcp://127.0.0.1:48401"}
            equipmentTypes:
              Press:
                node: "ns=2;s={signal}"
                tags:
                  S1: {}
                  S2: {}
            units: [{path: LXE/X, type: Press, server: cas}]
            """);
        return folder["gateway.yaml"];
    }

    /// <summary>A gateway with 300 samples in its journal: S1 numbers, S2 texts, S3 arrays, a millisecond apart.</summary>
    private async Task<GatewayPipeline> RunningAsync()
    {
        var pipeline = GatewayPipeline.Open(
            new PipelineOptions
            {
                DataFolder = folder["data"],
                Tags = [.. Enumerable.Range(0, 3).Select(i => new PipelineTag(
                    new TagDefinition
                    {
                        Id = -1, Path = i == 2 ? "LXE/X/Array" : $"LXE/X/S{i + 1}", Server = "cas", EquipmentType = "Press", UnitPath = "LXE/X", Signal = i == 2 ? "Array" : $"S{i + 1}",
                        UnitCode = i == 0 ? "BAR" : null, UnitSymbol = i == 0 ? "bar" : null,
                    },
                    TagNormalisation.Default))],
            },
            TimeProvider.System,
            NullLoggerFactory.Instance);
        await pipeline.StartAsync(CancellationToken.None);
        using var batch = new SampleBatch();
        for (var i = 0; i < 300; i += 100)
        {
            batch.Clear();
            for (var k = i; k < i + 100; k++)
            {
                // Tags by turns, so that millisecond 100 is S1's.
                var tag = (k + 2) % 3;
                var value = tag == 0 ? TagValue.From(k + 0.5) : tag == 1 ? TagValue.From($"a \"text\", {k}") : TagValue.From(new double[] { k });
                batch.Add(new Sample { Tag = tag, Value = value, SourceTime = Time + (k * TimeSpan.TicksPerMillisecond), ReceiveTime = Time + (k * TimeSpan.TicksPerMillisecond) });
            }

            await pipeline.AppendAsync("cas", batch, CancellationToken.None);
        }

        await pipeline.AppendGapAsync(new GapRecord { Server = "cas", From = Time, To = Time + 1, Cause = "a test" }, CancellationToken.None);
        return pipeline;
    }
}
