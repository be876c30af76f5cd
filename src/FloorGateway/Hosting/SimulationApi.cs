using FloorGateway.Simulators;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Faults;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Hosting;

/// <summary>
/// The simulated plant over HTTP, for the demo's page only: what runs, what can go wrong, and the faults at work.
/// <code>
/// GET    /api/simulation/units                 server, unit, state, step, part, good, reject, faults
/// GET    /api/simulation/catalogue?unit=DC01   signals of a unit and the faults it can have; all units without signals when no unit is named
/// GET    /api/simulation/faults                the faults at work
/// POST   /api/simulation/faults                {"unit","signal","fault","param","durationS"}; 400 lists everything that is wrong
/// DELETE /api/simulation/faults?unit=DC01      ends a unit's faults, or all
/// </code>
/// </summary>
internal static class SimulationApi
{
    public static void Map(IEndpointRouteBuilder endpoints, Simulation simulation)
    {
        var group = endpoints.MapGroup("/api/simulation");
        group.MapGet("/units", () => simulation.Read(Units));
        group.MapGet("/catalogue", (string? unit) => simulation.Read(s => Catalogue(s, unit)) is { } found ? Results.Ok(found) : Results.NotFound(new { problem = $"there is no unit {unit}" }));
        group.MapGet("/faults", () => simulation.Read(s => s.Faults.Active.Select(Describe).ToList()));
        group.MapPost("/faults", (FaultRequest request) => Inject(simulation, request));
        group.MapDelete("/faults", (string? unit) => new { ended = simulation.ClearFaults(unit ?? "") });
    }

    private static IResult Inject(Simulation simulation, FaultRequest request)
    {
        var seconds = request.DurationS ?? 0;
        if (!(seconds is >= 0 and <= 1e7))
            return Results.BadRequest(new { problems = new[] { new FaultProblem(nameof(FaultOrder.For), $"a fault can't last {seconds} s", "write 0 to 10000000") } });
        var problems = simulation.Inject(new FaultOrder
        {
            Unit = request.Unit ?? "",
            Signal = request.Signal ?? "",
            Fault = request.Fault ?? "",
            Param = request.Param ?? "",
            For = TimeSpan.FromSeconds(seconds),
        });
        return problems.Count > 0 ? Results.BadRequest(new { problems }) : Results.Ok(new { problems });
    }

    private static List<object> Units(Simulation simulation)
    {
        var faults = simulation.Faults.Active.ToLookup(f => f.Order.Unit, f => f.ToString());
        return
        [
            .. simulation.Servers.SelectMany(server => server.Units.Select(unit => (object)new
            {
                server = server.Name,
                unit = unit.Code,
                path = unit.Location,
                name = unit.DisplayName,
                state = unit is EquipmentUnit { PackMl: var state } ? state.ToString() : "",
                step = (unit as EquipmentUnit)?.Step.Value,
                part = (unit as EquipmentUnit)?.PartId.Value,
                good = (unit as EquipmentUnit)?.GoodCount.Value,
                reject = (unit as EquipmentUnit)?.RejectCount.Value,
                alarms = unit is EquipmentUnit machine ? machine.Alarms.Where(a => a.IsActive).Select(a => a.Tag).ToList() : [],
                faults = faults[unit.Code].Concat(faults[server.Name]).ToList(),
            })),
        ];
    }

    private static List<object>? Catalogue(Simulation simulation, string? code)
    {
        var units = simulation.Units.Where(u => code is null || u.Code == code).ToList();
        return units.Count == 0 && code is not null
            ? null
            : [.. units.Select(unit => (object)new { unit = unit.Code, name = unit.DisplayName, faults = FaultCatalogue.Of(unit).Select(Describe).ToList(), signals = code is null ? null : Signals(unit) })];
    }

    private static List<object> Signals(Unit unit) =>
        [.. unit.Signals.Select(s => (object)new { name = $"{s.SubUnit}/{s.Name}", type = s.Type.ToString(), unit = s.Traits.Unit, number = FaultCheck.IsNumber(s) })];

    private static object Describe(FaultType fault) => new
    {
        code = fault.Code,
        name = fault.Name,
        description = fault.Description,
        scope = fault.Scope.ToString(),
        parameter = fault.Parameter,
        standard = fault.Standard,
        words = fault.Words,
        needsSignal = fault.NeedsSignal,
        needsNumber = fault.NeedsNumber,
    };

    private static object Describe(ActiveFault fault) => new
    {
        id = fault.Id,
        unit = fault.Order.Unit,
        signal = fault.Order.Signal,
        fault = fault.Code,
        param = fault.Order.Param,
        sinceS = fault.Since.TotalSeconds,
        untilS = fault.Until?.TotalSeconds,
    };

    private sealed record FaultRequest(string? Unit, string? Signal, string? Fault, string? Param, double? DurationS);
}
