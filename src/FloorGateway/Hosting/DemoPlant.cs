using System.Globalization;
using FloorGateway.Configuration;
using FloorGateway.Simulators;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.PackMl;
using Spectre.Console;

namespace FloorGateway.Hosting;

/// <summary>The demo's plant for the terminal: a line a machine, and what it made.</summary>
internal sealed class DemoPlant(Simulation simulation, GatewayConfiguration configuration)
{
    private static readonly (PartKind Kind, string Name)[] Shown =
    [
        (PartKind.Vehicle, "vehicles begun"), (PartKind.Pack, "packs"), (PartKind.Module, "modules"), (PartKind.Cell, "cells"), (PartKind.Coil, "coils"), (PartKind.Casting, "castings"),
    ];

    private readonly Dictionary<PartKind, long> stock = Shown.ToDictionary(s => s.Kind, s => simulation.Read(run => run.Parts.Made(s.Kind)));

    /// <summary>Vehicles that have left the line.</summary>
    public long Vehicles() => simulation.Read(run => run.Parts.Ended(PartKind.Vehicle, PartFate.Shipped));

    /// <summary>One row a machine, whatever the number of its tags.</summary>
    public Table Table(Func<string, long> produced, Func<string, long> stored, Func<string, long> published)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("Machines").AddColumns("machine", "where", "state");
        foreach (var column in (string[])["good", "reject", "tags", "produced", "in the history", "on MQTT"])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var unit in simulation.Units.OfType<EquipmentUnit>())
        {
            var tags = configuration.Tags.Where(t => t.Path.StartsWith(unit.Location + "/", StringComparison.Ordinal)).Select(t => t.Path).ToList();
            var (state, good, reject) = simulation.Read(_ => (StateOf(unit), unit.GoodCount.Value, unit.RejectCount.Value));
            table.AddRow(unit.Code, Markup.Escape(unit.Location), state, Number(good), Number(reject), Number(tags.Count), Number(tags.Sum(produced)), Number(tags.Sum(stored)), Number(tags.Sum(published)));
        }

        return table;
    }

    /// <summary>What the run made, in a sentence.</summary>
    public string Output()
    {
        var made = Shown.Select(s => $"{Number(simulation.Read(run => run.Parts.Made(s.Kind)) - stock[s.Kind])} {s.Name}");
        return $"{Number(Vehicles())} vehicles left the line; made were {string.Join(", ", made)}.";
    }

    /// <summary>A part worth tracing: the last vehicle that got its pack; null where nothing is written down or none got one.</summary>
    public string? Example() => simulation.GenealogyFile.Length == 0 ? null
        : simulation.Read(run => run.Genealogy.Events.LastOrDefault(e => e.Kind == GenealogyEventKind.Consumed && PartIds.KindOf(e.Other) == PartKind.Vehicle && PartIds.KindOf(e.Part) == PartKind.Pack).Other);

    private static string StateOf(EquipmentUnit unit) =>
        unit.PackMl != PackMlState.Suspended ? $"{unit.PackMl}" : unit.Blocked.Value ? "Suspended, blocked" : unit.Starved.Value ? "Suspended, starved" : "Suspended";

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
