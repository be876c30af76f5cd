using System.Diagnostics;
using Benchmarks.Chain;
using FloorGateway.OpcUa.Security;
using FloorGateway.TestKit;
using Spectre.Console;

namespace Benchmarks.OpcUa;

/// <summary>
/// Value changes per CPU-second of a client's process and of a server's process, ours beside node-opcua's on the same data. The other side is always ours, in
/// a process of its own, so that both rows of a table meet the same peer.
/// </summary>
internal sealed class UaBenchmark(UaOptions options)
{
    /// <summary>Our rows are measured at the common load, at twice and at this many times that, which node-opcua could not carry.</summary>
    private const int FullLoad = 10;

    // Encrypted: the policy that clients prefer today, and the costlier one with a key twice as long.
    private static readonly Row[] Rows =
    [
        .. new[] { "client", "server" }.SelectMany(role => UaPeer.Policies
            .SelectMany(policy => new[] { 1, 2, FullLoad }.Select(load => new Row(role, Title(policy, load), $"{policy}", load, Node: false)))
            .Append(new Row(role, "node-opcua", "None", 1, Node: true))),
    ];

    public async Task<int> RunAsync()
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]OPC UA[/]: {options.RateOf("client"):N0} value changes a second for clients and {options.RateOf("server"):N0} from servers, of {options.Variables:N0} variables in cycles of {options.Cycle} ms, published every {options.PublishingInterval} ms, timestamps: {options.Timestamps}, windows of {options.Window.TotalSeconds:0.#} s after {options.Warmup.TotalSeconds:0.#} s");
        var rows = Rows.Where(r => options.Only is null || options.Only.Split('|').Any(r.Is)).Select(r => (Row: r, All: new List<Result>())).ToArray();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var (row, all) in rows)
            {
                AnsiConsole.MarkupInterpolated($"[grey]  round {round} of {options.Rounds}: {row.Role}, {row.Name} … [/]");
                var one = await MeasureAsync(row);
                all.Add(one);
                AnsiConsole.MarkupLineInterpolated($"[grey]{one.PerCpuSecond:N0} per CPU-second, {one.Rate:N0}/s on {one.Cores:0.000} cores[/]");
            }
        }

        var table = new Table().AddColumns("role", "who", "× node-opcua", "changes / CPU-s", "changes / s", "cores", "B / change", "peak MB");
        foreach (var (row, all) in rows)
        {
            var median = Median(all);
            var yardstick = Array.Find(rows, r => r.Row.Node && r.Row.Role == row.Role).All;
            table.AddRow(
                row.Role,
                row.Name,
                yardstick is null ? "" : $"{median.PerCpuSecond / Median(yardstick).PerCpuSecond:0.0}",
                $"{median.PerCpuSecond:N0}",
                $"{median.Rate:N0}",
                $"{median.Cores:0.000}",
                median.AllocatedPerChange is { } bytes ? $"{bytes:0.00}" : "",
                $"{median.PeakMemory / 1e6:N0}");
        }

        AnsiConsole.Write(table);
        return 0;
    }

    /// <summary>Memory of one client process with many monitored items.</summary>
    public static async Task<int> RunItemsAsync(int items, double rate)
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]Items[/]: {items:N0} monitored items in one client");
        var port = Ports.Free();
        await using var server = await UaProcess.OursAsync("source", "--port", $"{port}", "--variables", $"{items}", "--rate", $"{rate}");
        await using var client = await UaProcess.OursAsync("ua-client", "--url", $"opc.tcp://127.0.0.1:{port}", "--variables", $"{items}", "--interval", "500", "--timestamps", "both");
        await Task.Delay(TimeSpan.FromSeconds(5));
        var mark = await client.MarkAsync();
        AnsiConsole.MarkupLineInterpolated($"  client: {mark.WorkingSet / 1e6:N0} MB resident, {ProcessCpu.PeakMemory(client.Id) / 1e6:N0} MB at its peak; server: {ProcessCpu.PeakMemory(server.Id) / 1e6:N0} MB at its peak");
        return 0;
    }

    private async Task<Result> MeasureAsync(Row row)
    {
        using var folder = new TempDirectory();
        var port = Ports.Free();
        string[] source = ["--port", $"{port}", "--variables", $"{options.Variables}", "--rate", $"{options.RateOf(row.Role) * row.Load}", "--cycle", $"{options.Cycle}"];
        var isServer = row.Role == "server";
        await using var server = row.Node && isServer
            ? await UaProcess.NodeAsync("opcua-server.mjs", [.. source, "--pki", folder.Path])
            : await UaProcess.OursAsync(["source", .. source, "--security", row.Policy]);
        string[] sink = ["--url", $"opc.tcp://127.0.0.1:{port}", "--variables", $"{options.Variables}", "--interval", $"{options.PublishingInterval}", "--timestamps", options.Timestamps];
        await using var client = row.Node && !isServer
            ? await UaProcess.NodeAsync("opcua-client.mjs", sink)
            : await UaProcess.OursAsync(["ua-client", .. sink, "--security", row.Policy]);
        var measured = isServer ? server : client;
        await Task.Delay(options.Warmup);
        var before = await client.MarkAsync();
        var cpu = ProcessCpu.Of(measured.Id);
        var clock = Stopwatch.StartNew();
        await Task.Delay(options.Window);
        var spent = ProcessCpu.Of(measured.Id) - cpu;
        var elapsed = clock.Elapsed;
        var after = await client.MarkAsync();
        var changes = after.Received - before.Received;
        return new Result(changes, spent, elapsed, after.Allocated == 0 || isServer ? null : (after.Allocated - before.Allocated) / (double)changes, ProcessCpu.PeakMemory(measured.Id));
    }

    private static string Title(SecurityPolicy policy, int load) =>
        "ours" + (policy.IsNone ? "" : $", SignAndEncrypt, {policy}") + (load == 1 ? "" : $", {load} × load");

    private static Result Median(List<Result> all) => all.OrderBy(m => m.PerCpuSecond).ElementAt(all.Count / 2);

    private sealed record Row(string Role, string Name, string Policy, int Load, bool Node)
    {
        private string FullName => $"{Role} {Name}";

        /// <summary>By its whole name, or where no row has that, by a part of it.</summary>
        public bool Is(string name) => Rows.Any(r => r.FullName == name) ? FullName == name : FullName.Contains(name, StringComparison.Ordinal);
    }

    private sealed record Result(long Changes, TimeSpan Cpu, TimeSpan Elapsed, double? AllocatedPerChange, long PeakMemory)
    {
        public double PerCpuSecond => Changes / Cpu.TotalSeconds;

        public double Rate => Changes / Elapsed.TotalSeconds;

        public double Cores => Cpu / Elapsed;
    }
}
