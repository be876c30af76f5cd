using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Companion;

/// <summary>Machinery results (OPC 40001-101): the latest result of a machine as one structure, read from its result signals.</summary>
internal static class ResultNodes
{
    /// <summary>Results are news, not trouble.</summary>
    private const ushort Severity = 100;

    private static readonly string[] Ids = ["Result.Id", "Result.TrayId", "Result.PartId"], Parts = ["Result.PartId", "Result.BodyId", "Result.Vin", "Result.CellId", "Result.TrayId", "ModuleId", "PackId", "PartId"];
    private static readonly string[] Evaluations = ["Result.Evaluation", "ResultEvaluation"];

    public static void Add(PublishedUnit unit)
    {
        var type = unit.Space.TypeId(CompanionSpecifications.MachineryResult, "ResultManagementType");
        var management = new Instance(unit.Cell).AddAddIn(type, options: new() { Optional = ["Results", "GetLatestResult"] });
        Fill(unit, management, "ResultMetaDataType", CompanionSpecifications.MachineryResult, "ResultReadyEventType", () => []);
    }

    /// <summary>Shows the latest result below a result management object.</summary>
    /// <param name="unit">Whose signals.</param>
    /// <param name="management">With Results, and GetLatestResult where it is wanted.</param>
    /// <param name="metaType">Data type of the meta data.</param>
    /// <param name="metaUri">Its namespace.</param>
    /// <param name="eventType">Event type of that namespace, told with each new result.</param>
    /// <param name="content">What the result holds beside its meta data.</param>
    public static void Fill(PublishedUnit unit, Instance management, string metaType, string metaUri, string eventType, Func<Variant[]> content)
    {
        var space = unit.Space;
        var data = space.Get<DataTypeNode>(space.TypeId(CompanionSpecifications.MachineryResult, "ResultDataType")).Layout!;
        var meta = space.Get<DataTypeNode>(space.TypeId(metaUri, metaType)).Layout!;
        var machine = (EquipmentUnit)unit.Unit;
        var (id, part, evaluation) = (Find(unit, Ids), Find(unit, Parts), Find(unit, Evaluations));
        var (recipe, job) = (unit.Node(machine.RecipeId), unit.Node(machine.JobId));
        var latest = space.Instantiate(space.TypeId(CompanionSpecifications.MachineryResult, "ResultType"), management.Object("Results"), "Latest");
        ((VariableNode)latest.Node).Compute(() => Variant.From(Result().ToExtensionObject()));
        latest.Variable("ResultMetaData").Compute(() => Variant.From(Meta().ToExtensionObject()));
        latest.Variable("ResultMetaData/ResultId").Compute(() => Text(id));
        if (management.Find("GetLatestResult") is MethodNode get)
            get.Handler = (_, _) => Text(id).AsString() is { Length: > 0 } ? (StatusCodes.Good, [Variant.From(1u), Variant.From(Result().ToExtensionObject()), Variant.From(0)]) : (StatusCodes.BadNoData, []);
        management.FillDefaults();
        if (id is not null) TellResults(unit, management, space.TypeId(metaUri, eventType), id, Result);

        DynamicStructure Meta()
        {
            var verdict = evaluation?.GetValue().Value ?? Variant.From(0);
            var structure = new DynamicStructure(meta)
            {
                ["ResultId"] = Text(id), ["PartId"] = Text(part), ["ExternalRecipeId"] = Text(recipe), ["JobId"] = Text(job), ["ResultEvaluation"] = Variant.From(verdict.AsInt32()),
                ["IsSimulated"] = Variant.From(true),
            };
            if (id is not null) structure["CreationTime"] = Variant.FromDateTimeTicks(id.GetValue().SourceTicks);
            return structure;
        }

        DynamicStructure Result() => new(data) { ["ResultMetaData"] = Variant.From(Meta().ToExtensionObject()), ["ResultContent"] = Variant.From(content()) };
    }

    // The published event types are abstract; ours say nothing more. The id is the last signal of a result, so the others are in place.
    private static void TellResults(PublishedUnit unit, Instance management, NodeId published, VariableNode id, Func<DynamicStructure> result)
    {
        var space = unit.Space;
        var source = (ObjectNode)management.Node;
        source.MakeNotifier();
        var name = "Machine" + space.Get<ObjectTypeNode>(published).BrowseName.Name;
        var type = space.EventType(space.FindOrAddIn(space.AddNamespace(UnitNodes.Namespaces[0]), name, () => space.AddEventType(name, published).Node.Id));
        unit.Watch(id.BrowseName.Name!, () =>
        {
            if (Text(id).AsString() is { Length: > 0 } text) source.RaiseEvent(type, Severity, $"{unit.Unit.Code}: result {text}", Variant.From(result().ToExtensionObject()));
        });
    }

    private static VariableNode? Find(PublishedUnit unit, string[] names) => names.Select(unit.Find).FirstOrDefault(n => n is not null);

    private static Variant Text(VariableNode? node) => Variant.From(node?.GetValue().Value.AsString() ?? "");
}
