using FloorGateway.Configuration;

namespace FloorGateway.Generation;

/// <summary>Which equipment type of the configuration describes a work unit: the smallest one that has all of its signals.</summary>
internal sealed class EquipmentTypeChoice(IEnumerable<EquipmentTypeSettings> types)
{
    private readonly List<(string Name, HashSet<string> Signals)> known = [.. types.Select(t => (t.Name, t.Signals.ToHashSet(StringComparer.Ordinal)))];

    /// <summary>Adds a type that the configuration gets beside those it had.</summary>
    public void Add(string name, IEnumerable<string> signals) => known.Add((name, signals.ToHashSet(StringComparer.Ordinal)));

    /// <summary>The signals of a type.</summary>
    public IReadOnlySet<string> SignalsOf(string type) => known.First(k => k.Name == type).Signals;

    /// <summary>The type's name and its signals that the work unit does not have or nobody wants.</summary>
    /// <param name="unit">For the message.</param>
    /// <param name="signals">What is wanted.</param>
    /// <exception cref="InvalidOperationException">No type has them all: somebody added a signal to a simulator and not to config/equipment-types.</exception>
    public (string Type, IReadOnlyList<string> Excluded) For(string unit, IReadOnlySet<string> signals)
    {
        var found = known.Where(k => signals.IsSubsetOf(k.Signals)).OrderBy(k => k.Signals.Count).ThenBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault();
        if (found.Name is not null)
            return (found.Name, [.. found.Signals.Where(s => !signals.Contains(s)).Order(StringComparer.Ordinal)]);
        var best = known.MinBy(k => signals.Count(s => !k.Signals.Contains(s)));
        throw new InvalidOperationException($"No equipment type in config/equipment-types has all signals of {unit}; {best.Name} lacks {string.Join(", ", signals.Where(s => !best.Signals.Contains(s)).Order(StringComparer.Ordinal))}.");
    }
}
