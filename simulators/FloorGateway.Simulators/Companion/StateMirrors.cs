using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Simulators.Companion;

/// <summary>State machines of companion specifications that follow a signal (OPC 10000-16): the present state's text, id and number.</summary>
internal static class StateMirrors
{
    /// <summary>Shows the present state.</summary>
    /// <param name="machine">The instance with the variable.</param>
    /// <param name="path">The CurrentState.</param>
    /// <param name="source">The signal's node.</param>
    /// <param name="names">The states' browse names by what <paramref name="stateOf"/> gives.</param>
    /// <param name="type">Where the states are declared; their ids are what clients compare.</param>
    /// <param name="stateOf">From the signal's value to a state; negative while the machine is in none, as a submachine is while its superstate is not active.</param>
    public static void ShowState(this Instance machine, string path, VariableNode source, IReadOnlyList<string> names, Node type, Func<int, int> stateOf)
    {
        var states = names.Select(n => FindState(type, n)).ToArray();
        var numbers = states.Select(NumberOf).ToArray();
        var texts = names.Select(n => Variant.From(new LocalizedText("en", n))).ToArray();
        var current = machine.Variable(path);
        Show(current, i => texts[i]);
        if (machine.Find(path + "/Id") is VariableNode id) Show(id, i => Variant.From(states[i]?.Id ?? NodeId.Null));
        if (machine.Find(path + "/Number") is VariableNode number) Show(number, i => Variant.From(numbers[i]));
        if (machine.Find(path + "/Name") is VariableNode name) Show(name, i => Variant.From(new QualifiedName(type.Id.NamespaceIndex, names[i])));

        void Show(VariableNode node, Func<int, Variant> value) => node.OnRead = () =>
        {
            var read = source.GetValue();
            var state = stateOf(read.Value.AsInt32());
            return state < 0
                ? new(Variant.Null, StatusCodes.BadStateNotActive, read.SourceTicks, read.ServerTicks)
                : new(value(state), read.Status, read.SourceTicks, read.ServerTicks);
        };
    }

    private static ObjectNode? FindState(Node type, string name)
    {
        for (var at = type; at is not null; at = at.Supertype)
        {
            foreach (var reference in at.References)
            {
                if (!reference.IsInverse && reference.Type.IsHierarchical && reference.Target is ObjectNode state && state.BrowseName.Name == name) return state;
            }
        }

        return null;
    }

    private static uint NumberOf(Node? state) =>
        state?.FindChild(new QualifiedName("StateNumber")) is VariableNode number && number.GetValue().Value is { IsNull: false } value ? value.AsUInt32() : 0;
}
