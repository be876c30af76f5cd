using System.Globalization;
using FloorGateway.Simulators;
using FloorGateway.Simulators.PackMl;
using FloorGateway.Simulators.Truth;
using Spectre.Console;

namespace FloorGateway.Hosting;

/// <summary>What a simulation does, in the terminal: a table that moves, or a line every ten seconds where the output is a file or a pipe.</summary>
internal sealed class SimulateView(IAnsiConsole console, TextWriter output, TimeSpan? length)
{
    // More rows than this scroll away on any screen.
    private const int MaxRows = 40;

    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1), LineInterval = TimeSpan.FromSeconds(10);

    private readonly long started = TimeProvider.System.GetTimestamp();
    private (long Count, TimeSpan At) last;
    private double rate;

    /// <summary>Shows a simulation until its time is over or somebody stops it.</summary>
    public Task RunAsync(Simulation simulation, CancellationToken cancel)
    {
        WriteServers(simulation.Servers.Select(s => (s.Name, s.EndpointUrl, s.Units.Count)));
        return ShowAsync(() => simulation.Read(s => s.Truth.Count), () => simulation.Read(Table), () => simulation.Read(Line), simulation.Completion, cancel);
    }

    /// <summary>Shows a replay until it has ended, its time is over or somebody stops it.</summary>
    public Task RunAsync(TruthReplay replay, CancellationToken cancel)
    {
        WriteServers(replay.Servers.Select(s => (s.Name, s.EndpointUrl, s.Units.Count)));
        return ShowAsync(() => replay.Read(r => r.Truth.Count), () => new Table().AddColumn(replay.Read(r => Line(r.Truth.Count, ""))), () => replay.Read(r => Line(r.Truth.Count, "")), replay.Completion, cancel);
    }

    private void WriteServers(IEnumerable<(string Name, string Url, int Units)> servers)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("server", "endpoint").AddColumn(new TableColumn("units").RightAligned());
        foreach (var (name, url, units) in servers)
            table.AddRow(name, url, $"{units}");
        console.Write(table);
        console.WriteLine(length is { } time ? $"Runs for {time.TotalSeconds:0.#} s; Ctrl-C ends it before." : "Runs until Ctrl-C.");
    }

    private async Task ShowAsync(Func<long> count, Func<Table> table, Func<string> line, Task completion, CancellationToken cancel)
    {
        if (Console.IsOutputRedirected || !ReferenceEquals(output, Console.Out))
        {
            var printed = TimeSpan.Zero;
            while (await NextAsync(count, completion, cancel))
            {
                if (Elapsed - printed < LineInterval)
                    continue;
                printed = Elapsed;
                await output.WriteLineAsync(line());
                await output.FlushAsync(CancellationToken.None);
            }

            return;
        }

        await console.Live(table()).AutoClear(false).StartAsync(async view =>
        {
            while (await NextAsync(count, completion, cancel))
                view.UpdateTarget(table());
        });
    }

    private async Task<bool> NextAsync(Func<long> count, Task completion, CancellationToken cancel)
    {
        var left = length - Elapsed ?? TimeSpan.MaxValue;
        if (left <= TimeSpan.Zero || completion.IsCompleted || cancel.IsCancellationRequested)
            return false;
        await Task.WhenAny(completion, Task.Delay(left < Refresh ? left : Refresh, cancel));
        var now = (Count: count(), At: Elapsed);
        rate = (now.Count - last.Count) / Math.Max(0.001, (now.At - last.At).TotalSeconds);
        last = now;
        return true;
    }

    private TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(started);

    private Table Table(Simulation simulation)
    {
        var table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(Line(simulation))).AddColumns("unit", "state", "step", "part");
        foreach (var column in (string[])["good", "reject"])
            table.AddColumn(new TableColumn(column).RightAligned());
        table.AddColumns("alarms", "faults");
        var faults = simulation.Faults.Active.ToLookup(f => f.Order.Unit, f => f.Code);
        foreach (var server in simulation.Servers)
        {
            foreach (var unit in server.Units.OfType<EquipmentUnit>())
            {
                if (table.Rows.Count == MaxRows)
                    break;
                table.AddRow(
                    unit.Code,
                    State(unit.PackMl),
                    $"{unit.Step.Value}",
                    Markup.Escape(unit.PartId.Value),
                    $"{unit.GoodCount.Value}",
                    $"{unit.RejectCount.Value}",
                    $"[red]{Markup.Escape(string.Join(' ', unit.Alarms.Where(a => a.IsActive).Select(a => a.Tag)))}[/]",
                    Markup.Escape(string.Join(' ', faults[unit.Code].Concat(faults[server.Name]))));
            }
        }

        return table;
    }

    private string Line(Simulation simulation)
    {
        var machines = simulation.Units.OfType<EquipmentUnit>().ToList();
        var active = simulation.Faults.Active;
        return Line(
            simulation.Truth.Count,
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {machines.Count(m => m.PackMl == PackMlState.Execute)}/{machines.Count} execute  {machines.Sum(m => m.GoodCount.Value):N0} good  {machines.Sum(m => m.RejectCount.Value):N0} reject{(active.Count > 0 ? "  faults: " + string.Join(", ", active) : "")}"));
    }

    private string Line(long count, string more) => string.Create(CultureInfo.InvariantCulture, $"{Elapsed:hh\\:mm\\:ss}  {count:N0} changes  {rate:N0}/s{more}");

    private static string State(PackMlState state) => state switch
    {
        PackMlState.Execute => "[green]Execute[/]",
        PackMlState.Held or PackMlState.Aborted or PackMlState.Holding or PackMlState.Aborting => $"[red]{state}[/]",
        PackMlState.Suspended => "[yellow]Suspended[/]",
        _ => state.ToString(),
    };
}
