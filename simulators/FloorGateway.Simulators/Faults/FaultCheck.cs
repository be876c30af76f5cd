using System.Globalization;
using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Faults;

/// <summary>A server with its units, for whom faults are meant.</summary>
public sealed record FaultTarget(string Server, IReadOnlyList<Unit> Units);

/// <summary>Finds what is wrong with an order before it is carried out.</summary>
public static class FaultCheck
{
    // More names than this are no help in a message.
    private const int NamesShown = 12;

    /// <summary>Everything that is wrong; empty when the order can be carried out.</summary>
    public static IReadOnlyList<FaultProblem> Of(FaultOrder order, IReadOnlyList<FaultTarget> plant)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(plant);
        List<FaultProblem> problems = [];
        if (order.At < TimeSpan.Zero) problems.Add(new(nameof(order.At), "a fault cannot begin before the run", "write a time from 00:00:00 on"));
        if (order.For < TimeSpan.Zero) problems.Add(new(nameof(order.For), "a fault cannot last less than no time", "write how long it lasts, or leave it out"));
        if (Unit(order, plant) is not { } unit)
        {
            problems.Add(new(nameof(order.Unit), $"there is no unit {order.Unit}", OneOf(plant.SelectMany(t => t.Units).Select(u => u.Code))));
            return problems;
        }

        if (FaultCatalogue.Find(unit, order.Fault) is not { } type)
        {
            var of = FaultCatalogue.Of(unit).Select(f => f.Code).ToList();
            problems.Add(FaultCatalogue.Common.Any(f => f.Code.Equals(order.Fault, StringComparison.OrdinalIgnoreCase) || f.Name.Equals(order.Fault, StringComparison.OrdinalIgnoreCase))
                ? new(nameof(order.Fault), $"{order.Fault} does not apply to {unit.Code}: it judges no parts", $"write one of: {string.Join(", ", of)}")
                : new(nameof(order.Fault), $"{unit.Code} has no fault {order.Fault}", $"write one of: {string.Join(", ", of)}"));
            return problems;
        }

        if (order.Unit != unit.Code && type.Scope != FaultScope.Server)
            problems.Add(new(nameof(order.Unit), $"{order.Unit} is a server, and {type.Code} is a fault of a unit", OneOf(plant.First(t => t.Server == order.Unit).Units.Select(u => u.Code))));
        CheckSignal(order, type, unit, problems);
        CheckParameter(order, type, problems);
        return problems;
    }

    /// <summary>True for signals with numbers, on which drift and spikes can act.</summary>
    public static bool IsNumber(Signal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return Values.IsNumber(signal.Type);
    }

    /// <summary>The unit of an order; for a server's name its first one. Null when there is none.</summary>
    internal static Unit? Unit(FaultOrder order, IReadOnlyList<FaultTarget> plant) =>
        plant.SelectMany(t => t.Units).FirstOrDefault(u => u.Code == order.Unit) ?? (plant.FirstOrDefault(t => t.Server == order.Unit) is { Units: [var first, ..] } ? first : null);

    /// <summary>The signals of an order that is sound.</summary>
    internal static IReadOnlyList<Signal> Signals(FaultOrder order, FaultType type, Unit unit)
    {
        if (type.Signals is { } own) return own.Count == 0 ? unit.Signals : [.. unit.Signals.Where(s => own.Contains(s.Name))];
        if (type.Scope != FaultScope.Signal) return [];
        return order.Signal.Length > 0 ? Match(unit, order.Signal) : unit.Signals;
    }

    private static void CheckSignal(FaultOrder order, FaultType type, Unit unit, List<FaultProblem> problems)
    {
        if (order.Signal.Length == 0)
        {
            if (type.NeedsSignal) problems.Add(new(nameof(order.Signal), $"{type.Code} needs a signal", "name one, as 'floorgateway simulate list --unit " + unit.Code + "' shows them"));
            return;
        }

        if (type.Scope != FaultScope.Signal)
        {
            problems.Add(new(nameof(order.Signal), $"{type.Code} concerns no single signal", "leave the signal out"));
            return;
        }

        var found = Match(unit, order.Signal);
        if (found.Count == 0)
            problems.Add(new(nameof(order.Signal), $"{unit.Code} has no signal {order.Signal}", Near(order.Signal, unit)));
        else if (found.Count > 1)
            problems.Add(new(nameof(order.Signal), $"{unit.Code} has {found.Count} signals {order.Signal}", OneOf(found.Select(s => $"{s.SubUnit}/{s.Name}"))));
        else if (type.NeedsNumber && !Values.IsNumber(found[0].Type))
            problems.Add(new(nameof(order.Signal), $"{type.Code} needs a number, and {order.Signal} is a {found[0].Type}", "name a signal with numbers"));
    }

    private static void CheckParameter(FaultOrder order, FaultType type, List<FaultProblem> problems)
    {
        if (order.Param.Length == 0)
        {
            if (type.Standard is null) problems.Add(new(nameof(order.Param), $"{type.Code} needs a parameter", $"write the {type.Parameter}"));
            return;
        }

        if (type.Parameter.Length == 0)
        {
            problems.Add(new(nameof(order.Param), $"{type.Code} takes no parameter", "leave it out"));
            return;
        }

        if (type.IsText) return;
        if (type.Words.Count > 0)
        {
            if (!type.Words.Contains(order.Param, StringComparer.OrdinalIgnoreCase) && !(type.Code == "F4" && FaultStatus.Find(order.Param) is not null))
                problems.Add(new(nameof(order.Param), $"{type.Code} does not know '{order.Param}'", $"write one of: {string.Join(", ", type.Words)}"));
            return;
        }

        if (!double.TryParse(order.Param, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            problems.Add(new(nameof(order.Param), $"the parameter of {type.Code} must be a number, not '{order.Param}'", $"write the {type.Parameter}"));
        else if (number < type.Range.Low || number > type.Range.High)
            problems.Add(new(nameof(order.Param), $"the parameter of {type.Code} must lie between {Text(type.Range.Low)} and {Text(type.Range.High)}", $"write the {type.Parameter}"));
    }

    private static List<Signal> Match(Unit unit, string text)
    {
        var exact = unit.Signals.Where(s => s.Path == text || s.NodeName == text || $"{s.SubUnit}/{s.Name}" == text).ToList();
        return exact.Count > 0 ? exact : [.. unit.Signals.Where(s => s.Name == text)];
    }

    private static string Near(string text, Unit unit)
    {
        var last = text[(text.LastIndexOfAny(['/', '.']) + 1)..];
        var near = unit.Signals.Select(s => s.Name).Distinct().Where(n => n.Contains(last, StringComparison.OrdinalIgnoreCase)).Take(NamesShown).ToList();
        return near.Count > 0 ? OneOf(near) : $"'floorgateway simulate list --unit {unit.Code}' shows them";
    }

    private static string OneOf(IEnumerable<string> names)
    {
        var all = names.ToList();
        return $"write one of: {string.Join(", ", all.Take(NamesShown))}{(all.Count > NamesShown ? $" and {all.Count - NamesShown} more" : "")}";
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
