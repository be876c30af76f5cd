using System.Globalization;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Faults;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.Simulators.OpcUa;

/// <summary>
/// The object SimControl of every simulated server, in the namespace of the plant's base types: <c>InjectFault</c>, <c>ClearFaults</c>, and the faults at work.
/// Equipment has nothing like it; it is the simulator's own door.
/// </summary>
internal static class SimControlNodes
{
    public const string ObjectName = "SimControl";

    /// <summary>Adds the object.</summary>
    /// <param name="space">The server's nodes.</param>
    /// <param name="inject">Injects a fault at the present instant and says what is wrong with the order.</param>
    /// <param name="clear">Ends the faults of a unit.</param>
    /// <returns>The variable that shows the faults at work.</returns>
    public static VariableNode Add(Space space, Func<FaultOrder, IReadOnlyList<FaultProblem>> inject, Func<string, int> clear)
    {
        var ns = space.AddNamespace(UnitNodes.Namespaces[0]);
        var control = space.Objects.AddObject(ObjectName, nodeId: new NodeId(ns, ObjectName), displayName: "仿真控制");
        control.AddMethod(
            "InjectFault",
            (_, inputs) => Inject(inputs, inject),
            [
                new("unit", BuiltInType.String, description: "unit code, for example DC01"),
                new("signal", BuiltInType.String, description: "signal of the unit; empty for the unit as a whole"),
                new("fault", BuiltInType.String, description: "F1 to F11, or a fault of the unit's own"),
                new("param", BuiltInType.String, description: "how much, or which; empty for the standard"),
                new("durationS", BuiltInType.Double, description: "process seconds; 0 for the standard"),
            ],
            [new("problem", BuiltInType.String, description: "empty when the fault has begun")],
            new NodeId(ns, ObjectName + ".InjectFault"));
        control.AddMethod(
            "ClearFaults",
            (_, inputs) => (StatusCodes.Good, [Variant.From(clear(inputs[0].AsString() ?? ""))]),
            [new("unit", BuiltInType.String, description: "unit code or server name; empty for all")],
            [new("ended", BuiltInType.Int32)],
            new NodeId(ns, ObjectName + ".ClearFaults"));
        var active = control.AddVariable("ActiveFaults", BuiltInType.String, valueRank: ValueRanks.OneDimension, nodeId: new NodeId(ns, ObjectName + ".ActiveFaults"));
        active.SetValue(Variant.From(Array.Empty<string>()));
        return active;
    }

    // A refusal is an answer, not a failed call: results of failed calls carry no text.
    private static (StatusCode Status, Variant[] Outputs) Inject(Variant[] inputs, Func<FaultOrder, IReadOnlyList<FaultProblem>> inject)
    {
        var seconds = inputs[4].AsDouble();
        if (!(seconds is >= 0 and <= 1e7)) return (StatusCodes.Good, [Variant.From(string.Create(CultureInfo.InvariantCulture, $"durationS must lie between 0 and 10000000, not {seconds}"))]);
        var problems = inject(new()
        {
            Unit = inputs[0].AsString() ?? "",
            Signal = inputs[1].AsString() ?? "",
            Fault = inputs[2].AsString() ?? "",
            Param = inputs[3].AsString() ?? "",
            For = TimeSpan.FromSeconds(seconds),
        });
        return (StatusCodes.Good, [Variant.From(string.Join(". ", problems))]);
    }
}
