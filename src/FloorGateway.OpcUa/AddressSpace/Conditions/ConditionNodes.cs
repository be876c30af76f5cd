using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Conditions;

/// <summary>Makes the nodes of a condition after the declarations in its type: those that have a value, and the methods that can be called.</summary>
internal static class ConditionNodes
{
    public static VariableNode?[] Create(Condition condition, EventType type, Variant[] values)
    {
        var space = condition.Source.Space;
        var parent = condition.Source is ObjectNode ? condition.Source : ObjectAbove(condition.Source);
        var root = new ObjectNode(space, condition.Id, parent.ChildName(condition.Name));
        root.Attach(parent, type.Node.Id);
        var made = new Node?[type.Declarations.Length];
        var variables = new VariableNode?[made.Length];
        for (var slot = 0; slot < made.Length; slot++)
        {
            if (values[slot].IsNull || type.Declarations[slot].Declaration is not VariableNode)
                continue;
            variables[slot] = (VariableNode)NodeOf(slot);
            variables[slot]!.SetValue(values[slot]);
        }

        var shelving = root.FindChild(new QualifiedName("ShelvingState"));
        if (shelving is not null)
        {
            condition.ShelvingStateId = shelving.Id;
            if (shelving.FindChild(new QualifiedName("UnshelveTime")) is VariableNode unshelve)
            {
                unshelve.OnRead = () =>
                {
                    var now = space.Clock.GetUtcNow().UtcTicks;
                    return new DataValue(Variant.From(condition.UnshelveTime), StatusCodes.Good, now, now);
                };
            }
        }

        foreach (var name in condition.Methods)
            AddMethod(condition, type, name, name.Contains("helve", StringComparison.Ordinal) ? shelving : root);
        return variables;

        Node NodeOf(int slot)
        {
            if (made[slot] is { } there)
                return there;
            var (name, above, declaration) = type.Declarations[slot];
            var owner = above < 0 ? root : NodeOf(above);
            var isProperty = declaration!.TypeDefinition is { } definition && definition.Id == VariableTypeIds.PropertyType;
            Node node = declaration is VariableNode variable
                ? new VariableNode(space, owner.ChildId(name.Name!), name) { DataType = variable.DataType, ValueRank = variable.ValueRank, ArrayDimensions = variable.ArrayDimensions }
                : new ObjectNode(space, owner.ChildId(name.Name!), name);
            node.Attach(owner, declaration.TypeDefinition?.Id ?? ObjectTypeIds.BaseObjectType, isProperty ? ReferenceTypeIds.HasProperty : ReferenceTypeIds.HasComponent);
            return made[slot] = node;
        }
    }

    /// <summary>Takes a node away with all below it.</summary>
    public static void Remove(Node? node)
    {
        if (node is null)
            return;
        foreach (var reference in node.References)
        {
            if (!reference.IsInverse && reference.Type.IsHierarchical)
                Remove(reference.Target);
        }

        node.Space.Remove(node);
    }

    private static void AddMethod(Condition condition, EventType type, string name, Node? owner)
    {
        if (owner is null || Declared(type, name) is not { } declared)
            return;
        var method = new MethodNode(owner.Space, owner.ChildId(name), new QualifiedName(name))
        {
            Handler = (context, inputs) => condition.Call(name, context, inputs),
            Inputs = declared.Inputs,
        };
        method.Attach(owner, null, ReferenceTypeIds.HasComponent);
        if (method.Inputs.Count != 0)
            method.AddProperty(new QualifiedName("InputArguments"), DataTypeIds.Argument, BuilderExtensions.ArgumentsValue(method.Inputs), ValueRanks.OneDimension);
    }

    private static MethodNode? Declared(EventType type, string name)
    {
        for (Node? node = type.Node; node is not null; node = node.Supertype)
        {
            if (node.FindChild(new QualifiedName(name)) is MethodNode method)
                return method;
        }

        return type.Node.Space.Find(ObjectTypeIds.ShelvedStateMachineType)?.FindChild(new QualifiedName(name)) as MethodNode;
    }

    // A variable can't have objects below it, so the conditions of a variable hang on the object it belongs to.
    private static Node ObjectAbove(Node node)
    {
        var above = node;
        for (var depth = 0; depth < 20 && above is not ObjectNode; depth++)
        {
            foreach (var reference in above.References)
            {
                if (!reference.IsInverse || !reference.Type.IsHierarchical || reference.Target is not (ObjectNode or VariableNode))
                    continue;
                above = reference.Target;
                break;
            }
        }

        return above is ObjectNode ? above : node.Space.Objects;
    }
}
