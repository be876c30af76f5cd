using System.Globalization;
using FloorGateway.Cli;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Faults;
using Spectre.Console;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway simulate list</c>.</summary>
internal static class SimulateListCommand
{
    /// <summary>Runs the verb and gives its exit code.</summary>
    public static int Execute(SimulatedPlantOptions options, TextWriter output, TextWriter error)
    {
        var errors = new List<string>();
        var servers = SimulatedPlants.Find(options, errors);
        foreach (var problem in errors)
            error.WriteLine($"floorgateway: {problem}");
        if (errors.Count > 0)
            return ExitCodes.BadConfiguration;
        var plant = SimulatedPlants.Look(servers, SimulatedPlants.ScaleOf(options.Profile));
        var console = Terminal.On(output);
        if (options.Units.Count > 0)
        {
            foreach (var unit in plant.SelectMany(t => t.Units))
                Show(unit, console);
        }
        else
        {
            Show(plant, console);
        }

        return ExitCodes.Ok;
    }

    private static void Show(IReadOnlyList<FaultTarget> plant, IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("server", "unit", "equipment", "path").AddColumn(new TableColumn("signals").RightAligned()).AddColumn("own faults");
        foreach (var (server, units) in plant)
        {
            foreach (var unit in units)
            {
                var own = FaultCatalogue.Of(unit).Except(FaultCatalogue.Common).Select(f => f.Code);
                table.AddRow(server, unit.Code, unit.GetType().Name, unit.Location, $"{unit.Signals.Count}", string.Join(", ", own));
            }
        }

        console.Write(table);
        console.WriteLine("Beside their own faults all units take F1 to F11; --unit CODE shows signals and faults of one.");
    }

    private static void Show(Unit unit, IAnsiConsole console)
    {
        var signals = new Table().Border(TableBorder.Rounded).Title(Markup.Escape($"{unit.Code} {unit.GetType().Name}: signals")).AddColumns("signal", "type", "unit", "range", "sampling");
        foreach (var signal in unit.Signals)
        {
            var traits = signal.Traits;
            signals.AddRow(
                Markup.Escape($"{signal.SubUnit}/{signal.Name}"),
                signal.Type.ToString(),
                traits.Unit ?? "",
                traits is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $"{low} to {high}") : "",
                traits.SamplingMs > 0 ? $"{traits.SamplingMs} ms" : "on event");
        }

        console.Write(signals);
        var faults = new Table().Border(TableBorder.Rounded).Title($"{unit.Code}: faults").AddColumns("fault", "name", "what it does", "parameter", "standard");
        foreach (var fault in FaultCatalogue.Of(unit))
            faults.AddRow(fault.Code, fault.Name == fault.Code ? "" : fault.Name, Markup.Escape(fault.Description), Markup.Escape(fault.Parameter), Markup.Escape(fault.Standard ?? "has to be given"));
        console.Write(faults);
    }
}
