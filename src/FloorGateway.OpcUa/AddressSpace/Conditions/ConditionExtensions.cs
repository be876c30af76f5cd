using FloorGateway.OpcUa.AddressSpace.Events;

namespace FloorGateway.OpcUa.AddressSpace.Conditions;

/// <summary>Adds conditions and alarms to the nodes that they are about.</summary>
public static class ConditionExtensions
{
    /// <summary>Adds a condition to its source (HasCondition). A source that no notifier reports yet becomes one of the Server object's.</summary>
    /// <param name="source">The object or variable that it is about.</param>
    /// <param name="name">The ConditionName and browse name.</param>
    /// <param name="options">What kind; an alarm with acknowledgement and shelving when null.</param>
    /// <exception cref="ArgumentException">The type is no condition, or the node id is taken.</exception>
    public static Condition AddCondition(this Node source, string name, ConditionOptions? options = null)
    {
        ConnectSource(source, name);
        return new Condition(source, name, options ?? new ConditionOptions());
    }

    /// <summary>Adds an alarm that compares a value with limits.</summary>
    /// <param name="source">The object or variable that it is about.</param>
    /// <param name="name">The ConditionName and browse name.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="ArgumentException">There is no limit, or they are not in order.</exception>
    public static LimitAlarm AddLimitAlarm(this Node source, string name, LimitAlarmOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        ConnectSource(source, name);
        return new LimitAlarm(new Condition(source, name, options.ToConditionOptions(), options.ToFields()), options);
    }

    private static void ConnectSource(Node source, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (source is ObjectNode instance)
            instance.MakeNotifier();
        else if (!source.HasNotifierAbove())
            source.Space.Server.AddEventSource(source);
    }
}
