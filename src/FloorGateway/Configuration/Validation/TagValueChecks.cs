using FloorGateway.Configuration.Loading;
using FloorGateway.Model.Values;

namespace FloorGateway.Configuration.Validation;

/// <summary>Options of a tag that exclude or need each other.</summary>
internal static class TagValueChecks
{
    public static void Check(GatewayConfiguration configuration, Diagnostics errors)
    {
        foreach (var tag in configuration.Tags)
        {
            CheckSafety(tag, errors);
            CheckDeadband(tag, errors);
            CheckNumbers(tag, errors);
        }
    }

    private static void CheckSafety(ConfiguredTag tag, Diagnostics errors)
    {
        if (tag.Safety && tag.Writable)
            errors.Error(tag.Source["writable"], $"signal '{tag.Signal}' is marked safety and writable", "the gateway never writes a safety signal: take 'writable' out and leave that to the safety controller");
    }

    private static void CheckDeadband(ConfiguredTag tag, Diagnostics errors)
    {
        if (tag.Deadband > 0 && tag.DeadbandPercent > 0)
            errors.Error(tag.Source["deadbandPercent"], $"signal '{tag.Signal}' has both deadband and deadbandPercent", "keep one of the two");
        if (tag.DeadbandPercent > 100)
            errors.Error(tag.Source["deadbandPercent"], "a deadband above 100 percent would let nothing through", "write percent of the range, e.g. 0.5");
        if (tag.DeadbandPercent > 0 && double.IsNaN(tag.Low))
            errors.Error(tag.Source["deadbandPercent"], $"deadbandPercent of signal '{tag.Signal}' needs a range", "add range: [LOW, HIGH], or write an absolute deadband");
        if ((tag.Deadband > 0 || tag.DeadbandPercent > 0) && Element(tag) is ValueKind.Boolean or ValueKind.String or ValueKind.DateTime or ValueKind.Bytes or ValueKind.Structure)
            errors.Error(tag.Source[tag.Deadband > 0 ? "deadband" : "deadbandPercent"], $"signal '{tag.Signal}' is no number, so it can have no deadband", "take the deadband out");
    }

    private static void CheckNumbers(ConfiguredTag tag, Diagnostics errors)
    {
        var steps = tag.Normalisation;
        if (steps.Scale == 0)
            errors.Error(tag.Source["scale"], "a scale of 0 makes every value the same", "write the factor from raw to engineering value");
        if (steps.Raw is not null && (tag.Source.Has("scale") || tag.Source.Has("offset")))
            errors.Error(tag.Source["raw"], $"signal '{tag.Signal}' has both raw and scale/offset", "keep one of the two: raw already says how counts become values");
        if (steps.Enum.Count > 0 && Element(tag) is not (ValueKind.Null or ValueKind.String))
            errors.Error(tag.Source["enum"], $"signal '{tag.Signal}' has an enum, so its value is text", "write type: String, or take the enum out");
        if (steps.Bit + steps.BitCount > 64)
            errors.Error(tag.Source["bits"], "a word has 64 bits at most", "write bits from 0 to 63");
        if (steps.Invert && Element(tag) is not (ValueKind.Null or ValueKind.Boolean))
            errors.Error(tag.Source["invert"], $"only a Boolean can be inverted, and '{tag.Signal}' is none", "write type: Boolean, or scale: -1 for a number");
    }

    private static ValueKind Element(ConfiguredTag tag) => tag.Kind == ValueKind.Array ? tag.ElementKind : tag.Kind;
}
