using System.Collections.Frozen;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Events;

/// <summary>
/// An event type with all its fields, those of its supertypes included (OPC 10000-3, 4.7.3). Get one from
/// <see cref="EventExtensions.EventType"/> or <see cref="EventExtensions.AddEventType"/> and keep it: it is made once per type.
/// </summary>
public sealed class EventType
{
    private const int MaxDepth = 8; // no type of the standard goes deeper than 4; what refers to itself must end
    private const int MaxFields = 2000;

    private readonly FrozenDictionary<string, int> slots;

    internal EventType(ObjectTypeNode node)
    {
        Node = node;
        var declarations = new List<EventFieldDeclaration>();
        var byKey = new Dictionary<string, int>();
        foreach (var name in EventFields.Base)
        {
            byKey.Add(EventFields.KeyBelow("", new QualifiedName(name)), declarations.Count);
            declarations.Add(new EventFieldDeclaration(new QualifiedName(name), -1, null));
        }

        var chain = new Stack<Node>();
        for (Node? type = node; type is not null; type = type.Supertype)
            chain.Push(type);
        foreach (var type in chain)
            Collect(type, "", -1, 0, declarations, byKey);
        Declarations = [.. declarations];
        slots = byKey.ToFrozenDictionary();
        Fields = [.. declarations.Skip(EventFields.Base.Length).Where(d => d.Parent < 0 && d.Declaration is VariableNode).Select(d => d.Name)];
        ownSlots = [.. Fields.Select(name => slots[EventFields.KeyBelow("", name)])];
    }

    private readonly int[] ownSlots;

    /// <summary>The type's node.</summary>
    public ObjectTypeNode Node { get; }

    /// <summary>The fields beyond those of BaseEventType, supertypes' first: the order of the values given to <see cref="EventExtensions.RaiseEvent"/>.</summary>
    public IReadOnlyList<QualifiedName> Fields { get; }

    /// <summary>Every field on every level; a slot is its position.</summary>
    internal EventFieldDeclaration[] Declarations { get; }

    /// <summary>Where a field's value stands, or -1 when events of this type have no such field.</summary>
    internal int SlotOf(string key) => slots.GetValueOrDefault(key, -1);

    /// <summary>The slot of a field of namespace 0 by path, as in <c>AckedState/Id</c>; -1 when there is none.</summary>
    internal int StandardSlot(string path) => SlotOf("0:" + path.Replace("/", "/0:", StringComparison.Ordinal));

    /// <summary>Puts the values of <see cref="Fields"/> in their slots.</summary>
    internal void Place(ReadOnlySpan<Variant> values, Variant[] into)
    {
        if (values.Length > ownSlots.Length)
            throw new ArgumentException($"'{Node.BrowseName}' has {ownSlots.Length} fields of its own, and {values.Length} values were given. Declare the others with AddEventType.", nameof(values));
        for (var i = 0; i < values.Length; i++)
            into[ownSlots[i]] = values[i];
    }

    // Subtypes come later, so a field declared again is the subtype's.
    private static void Collect(Node parent, string parentKey, int parentSlot, int depth, List<EventFieldDeclaration> declarations, Dictionary<string, int> byKey)
    {
        foreach (var reference in parent.References)
        {
            if (reference.IsInverse || !reference.Type.IsHierarchical || reference.Target is not (VariableNode or ObjectNode))
                continue;
            var key = EventFields.KeyBelow(parentKey, reference.Target.BrowseName);
            if (byKey.TryGetValue(key, out var slot))
            {
                declarations[slot] = declarations[slot] with { Declaration = reference.Target };
            }
            else
            {
                if (declarations.Count >= MaxFields)
                    return;
                slot = declarations.Count;
                byKey.Add(key, slot);
                declarations.Add(new EventFieldDeclaration(reference.Target.BrowseName, parentSlot, reference.Target));
            }

            if (depth < MaxDepth)
                Collect(reference.Target, key, slot, depth + 1, declarations, byKey);
        }
    }
}

/// <summary>A field of an event type.</summary>
/// <param name="Name">Its browse name.</param>
/// <param name="Parent">The slot of the field it is below; -1 at the top.</param>
/// <param name="Declaration">The instance declaration: a variable, or an object with fields below it.</param>
internal readonly record struct EventFieldDeclaration(QualifiedName Name, int Parent, Node? Declaration);
