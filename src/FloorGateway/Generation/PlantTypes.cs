using System.Globalization;
using System.Text;
using FloorGateway.Simulators.Profiles;

namespace FloorGateway.Generation;

/// <summary>The equipment types that the plant profile adds: auxiliary equipment, and every machine once more with what a plant adds to it.</summary>
internal static class PlantTypes
{
    private const string Common = "PlantMachine", Prefix = "Plant";

    /// <summary>True for a type that is written here.</summary>
    public static bool IsMadeHere(string type) => type.StartsWith(Prefix, StringComparison.Ordinal) || HasOpenNamespace(type);

    /// <summary>True for auxiliary equipment: it stands at machines of several kinds, so that each unit has to say in which namespace.</summary>
    public static bool HasOpenNamespace(string type) => ComponentFacts.All.Any(c => c.Type == type);

    /// <summary>The file, and the types in it to <paramref name="types"/>.</summary>
    /// <param name="types">The types there are.</param>
    /// <param name="machines">Name and wanted signals of the work units that carry the machines' common signals.</param>
    public static string Write(EquipmentTypeChoice types, IEnumerable<(string Name, IReadOnlySet<string> Signals)> machines)
    {
        var text = new StringBuilder("""
            # What the plant profile adds to the machines. Made by 'floorgateway generate plant'; change the simulators' profile instead.
            # Sampling 0: the machine reports the value when it changes.
            equipmentTypes:
              PlantMachine:
                description: What each machine of the plant has beside its process
                node: "s={unit}.{signal}"
                tags:

            """.ReplaceLineEndings("\n"));
        foreach (var signal in ComponentFacts.PlantSignals)
            Append(text, signal);
        types.Add(Common, ComponentFacts.PlantSignals.Select(s => s.Name));
        foreach (var component in ComponentFacts.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {component.Type}:\n    description: {component.Description}\n    node: \"nsu=http://jsev.example/UA/{{space}}/;s={{unit}}.{{signal}}\"\n    tags:\n");
            foreach (var signal in component.Signals)
                Append(text, signal);
            types.Add(component.Type, component.Signals.Select(s => s.Name));
        }

        text.Append('\n');
        var added = ComponentFacts.PlantSignals.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, signals) in machines.Where(m => m.Signals.Overlaps(added)).ToList())
        {
            var machine = types.For(name, signals.Except(added).ToHashSet(StringComparer.Ordinal)).Type;
            var type = Prefix + machine;
            if (machine.StartsWith(Prefix, StringComparison.Ordinal) || written(type))
                continue;
            text.Append(CultureInfo.InvariantCulture, $"  {type}: {{extends: [{Common}, {machine}]}}\n");
            types.Add(type, types.SignalsOf(machine).Concat(added));
        }

        return text.ToString();

        bool written(string type) => text.ToString().Contains($"\n  {type}:", StringComparison.Ordinal);
    }

    private static void Append(StringBuilder text, ComponentFact signal)
    {
        var unit = signal.Unit is null ? "" : $", unit: {signal.Unit}";
        var range = signal is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $", range: [{low}, {high}]") : "";
        text.Append(CultureInfo.InvariantCulture, $"      {signal.Name}: {{type: {signal.Type}{unit}{range}, sampling: 0, description: {signal.Description}}}\n");
    }
}
