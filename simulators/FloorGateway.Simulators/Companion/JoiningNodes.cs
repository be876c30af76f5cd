using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.OpcUa;

namespace FloorGateway.Simulators.Companion;

/// <summary>Joining systems (OPC 40450-1): controller and tool as assets, the process methods of a tightening controller, and the latest joining result with its trace.</summary>
internal static class JoiningNodes
{
    private const string Process = "JoiningProcessManagement/";
    private static readonly string[] ProcessNames = ["JoiningProcessId", "SelectionName"];
    private static readonly string[] Methods = ["SelectJoiningProcess", "StartSelectedJoining", "AbortJoiningProcess", "SetJoiningProcessSize", "ResetJoiningProcess"];

    public static void Add(PublishedUnit unit)
    {
        var space = unit.Space;
        var system = space.Instantiate(space.TypeId(CompanionSpecifications.Joining, "JoiningSystemType"), unit.Cell, "JoiningSystem", new()
        {
            Optional =
            [
                "Identification/Manufacturer", "Identification/Model", "Identification/ProductInstanceUri",
                "AssetManagement/MethodSet/EnableAsset", "AssetManagement/Assets/Tools", "JointManagement", "ResultManagement/Results", "ResultManagement/GetLatestResult",
                .. Methods.Select(m => Process + m),
            ],
        });
        system.Nameplate("Joining system", unit.Unit.Code, "Identification/").Text("Identification/Name", unit.Unit.Code).Text("Identification/ProductInstanceUri", $"http://jsev.example/{unit.Unit.Location}/JoiningSystem");
        AddAsset(system, "Controllers", "IControllerType", "Controller", unit);
        AddAsset(system, "Tools", "IToolType", "Tool", unit);
        BindMethods(system, unit);
        ResultNodes.Fill(unit, system.At("ResultManagement"), "JoiningResultMetaDataType", CompanionSpecifications.Joining, "JoiningSystemResultReadyEventType", () => [Variant.From(Content(unit).ToExtensionObject())]);
        system.FillDefaults();
    }

    private static void AddAsset(Instance system, string folder, string interfaceType, string name, PublishedUnit unit)
    {
        var space = unit.Space;
        var asset = space.Instantiate(ObjectTypeIds.BaseObjectType, system.Object("AssetManagement/Assets/" + folder), name, new()
        {
            Interfaces = [space.TypeId(CompanionSpecifications.Joining, interfaceType)],
        });
        asset.Nameplate(name, $"{unit.Unit.Code}-{name[0]}");
    }

    // Methods of the specification answer with a status and a text beside the service's own result.
    private static void BindMethods(Instance system, PublishedUnit unit)
    {
        Bind(Process + "SelectJoiningProcess", "SelectJoiningProcess", i => [SignalValue.From(ProcessOf(i[1], unit))]);
        Bind(Process + "SetJoiningProcessSize", "SetJoiningProcessSize", i => [SignalValue.From((ushort)Math.Min(i[2].AsUInt32(), ushort.MaxValue))]);
        Bind(Process + "ResetJoiningProcess", "ResetJoiningProcess", _ => []);
        Bind(Process + "StartSelectedJoining", "Start", _ => [SignalValue.From(""), SignalValue.From("")]);
        Bind(Process + "AbortJoiningProcess", "Abort", i => [SignalValue.From(i[2].TryGet<LocalizedText>(out var text) ? text.Text ?? "" : "")]);
        Bind("AssetManagement/MethodSet/EnableAsset", "EnableAsset", i => [SignalValue.From(i[1].AsBoolean())]);

        void Bind(string path, string method, Func<Variant[], SignalValue[]> arguments) => system.Bind(path, (_, inputs) =>
        {
            if (!unit.Unit.Methods.ContainsKey(method)) return (StatusCodes.BadNotSupported, []);
            var status = unit.Call(method, arguments(inputs));
            return (status, status.IsGood ? [Variant.From(0L), Variant.From(new LocalizedText("en", "accepted"))] : []);
        });
    }

    private static string ProcessOf(in Variant identification, PublishedUnit unit)
    {
        if (!identification.TryGet<ExtensionObject>(out var value)) return "";
        var layout = unit.Space.Get<DataTypeNode>(unit.Space.TypeId(CompanionSpecifications.Joining, "JoiningProcessIdentificationDataType")).Layout!;
        var structure = value.Decoded as DynamicStructure ?? DynamicStructure.Decode(layout, value.Body.Span);
        return structure is null ? "" : ProcessNames.Select(f => structure.Has(f) ? structure[f].AsString() : null).FirstOrDefault(t => !string.IsNullOrEmpty(t)) ?? "";
    }

    private static DynamicStructure Content(PublishedUnit unit)
    {
        var result = Make(unit, "JoiningResultDataType");
        (string Name, string Signal)[] overall = [("Torque", "FinalTorque"), ("Angle", "FinalAngle"), ("Force", "Rivet.Force"), ("Height", "Rivet.HeadHeight"), ("Score", "PlasmaScore"), ("Resistance", "JointRes")];
        result["OverallResultValues"] = Variant.From(overall.Select(v => (v.Name, Node: unit.Find(v.Signal))).Where(v => v.Node is not null)
            .Select(v => (ExtensionObject?)Value(unit, v.Name, v.Node!.GetValue().Value.AsDouble()).ToExtensionObject()).ToArray());
        if (unit.Find("Trace.Torque")?.GetValue().Value.Boxed is float[] { Length: > 0 } torque && unit.Find("Trace.Angle")?.GetValue().Value.Boxed is float[] angle)
            result["Trace"] = Trace(unit, unit.Find("Result.Id")?.GetValue().Value.AsString() ?? "", ("Torque", torque), ("Angle", angle));
        return result;
    }

    private static DynamicStructure Value(PublishedUnit unit, string name, double value)
    {
        var structure = Make(unit, "ResultValueDataType");
        structure["MeasuredValue"] = Variant.From(value);
        structure["Name"] = Variant.From(name);
        return structure;
    }

    private static Variant Trace(PublishedUnit unit, string id, params (string Name, float[] Values)[] curves)
    {
        var step = Make(unit, "StepTraceDataType");
        step["StepTraceId"] = step["StepResultId"] = Variant.From(id);
        step["NumberOfTracePoints"] = Variant.From((uint)curves[0].Values.Length);
        step["StepTraceContent"] = Variant.From(curves.Select(c =>
        {
            var content = Make(unit, "TraceContentDataType");
            content["Name"] = Variant.From(c.Name);
            content["Values"] = Variant.From(Array.ConvertAll(c.Values, v => (double)v));
            return (ExtensionObject?)content.ToExtensionObject();
        }).ToArray());
        var trace = Make(unit, "JoiningTraceDataType");
        trace["TraceId"] = trace["ResultId"] = Variant.From(id);
        trace["StepTraces"] = Variant.From(new ExtensionObject?[] { step.ToExtensionObject() });
        return Variant.From(trace.ToExtensionObject());
    }

    private static DynamicStructure Make(PublishedUnit unit, string type) => new(unit.Space.Get<DataTypeNode>(unit.Space.TypeId(CompanionSpecifications.Joining, type)).Layout!);
}
