using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Events;

/// <summary>The fields of BaseEventType (OPC 10000-5, 6.4.2). They come first in the values of every event, in this order.</summary>
internal static class EventFields
{
    public const int EventId = 0;
    public const int EventType = 1;
    public const int SourceNode = 2;
    public const int SourceName = 3;
    public const int Time = 4;
    public const int ReceiveTime = 5;
    public const int LocalTime = 6;
    public const int Message = 7;
    public const int Severity = 8;

    /// <summary>Fields that every event has; the condition classes are null where nobody sets them.</summary>
    public static readonly string[] Base =
    [
        "EventId", "EventType", "SourceNode", "SourceName", "Time", "ReceiveTime", "LocalTime", "Message", "Severity",
        "ConditionClassId", "ConditionClassName", "ConditionSubClassId", "ConditionSubClassName",
    ];

    /// <summary>One text for a browse path, as in <c>0:AckedState/0:Id</c>: what fields are found by.</summary>
    public static string KeyOf(ReadOnlySpan<QualifiedName> path)
    {
        var key = "";
        foreach (var name in path)
            key = KeyBelow(key, name);
        return key;
    }

    /// <summary>The key of a child of the field with the key <paramref name="parent"/>; of a field of the event itself when that is empty.</summary>
    public static string KeyBelow(string parent, QualifiedName name) =>
        parent.Length == 0 ? $"{name.NamespaceIndex}:{name.Name}" : $"{parent}/{name.NamespaceIndex}:{name.Name}";
}
