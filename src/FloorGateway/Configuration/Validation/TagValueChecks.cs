using FloorGateway.Configuration.Loading;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Normalisation;

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
        var (absolute, percent) = (tag.Normalisation.Deadband, tag.Normalisation.DeadbandPercent);
        if (percent > 100)
            errors.Error(tag.Source["deadbandPercent"], "a deadband above 100 percent would let nothing through", "write percent of the range, e.g. 0.5");
        if (percent > 0 && double.IsNaN(tag.Low))
        {
            if (absolute > 0)
                errors.Warn(tag.Source["deadbandPercent"], $"signal '{tag.Signal}' has no range, so its absolute deadband of {absolute} is used", "add range: [LOW, HIGH], or take deadbandPercent out");
            else
                errors.Error(tag.Source["deadbandPercent"], $"deadbandPercent of signal '{tag.Signal}' needs a range", "add range: [LOW, HIGH], or write an absolute deadband");
        }

        if ((absolute > 0 || percent > 0) && Element(tag) is ValueKind.Boolean or ValueKind.String or ValueKind.DateTime or ValueKind.Bytes or ValueKind.Structure)
            errors.Error(tag.Source[absolute > 0 ? "deadband" : "deadbandPercent"], $"signal '{tag.Signal}' is no number, so it can have no deadband", "take the deadband out");
    }

    private static void CheckNumbers(ConfiguredTag tag, Diagnostics errors)
    {
        var steps = tag.Normalisation;
        if (steps.Scale == 0)
            errors.Error(tag.Source["scale"], "a scale of 0 makes every value the same", "write the factor from raw to engineering value");
        if (!double.IsNaN(steps.ScaledLow) && steps.Scale != 1)
            errors.Error(tag.Source["scale"], $"signal '{tag.Signal}' is scaled by both raw and scale", "keep one of the two: raw already says how counts become values");
        if (steps.EnumTexts is not null && Element(tag) is not (ValueKind.Null or ValueKind.String))
            errors.Error(tag.Source["enum"], $"signal '{tag.Signal}' has an enum, so its value is text", "write type: String, or take the enum out");
        if (steps.Invert && Element(tag) is not (ValueKind.Null or ValueKind.Boolean))
            errors.Error(tag.Source["invert"], $"only a Boolean can be inverted, and '{tag.Signal}' is none", "write type: Boolean, or scale: -1 for a number");
        if (steps.Order != ByteOrder.AsSent && steps.Raw == RawType.AsSent && Element(tag) is not (ValueKind.Null or ValueKind.Single or ValueKind.Double))
            errors.Error(tag.Source["swap"], $"how wide '{tag.Signal}' is must be known to swap its bytes", "add sourceType: UInt16 (or what the equipment sends)");
        if (steps.OnOutOfRange != RangeAction.Flag && double.IsNaN(tag.Low))
            errors.Error(tag.Source["onOutOfRange"], $"signal '{tag.Signal}' has no range to be out of", "add range: [LOW, HIGH]");
        if (steps.Debounce > TimeSpan.Zero && Element(tag) is not (ValueKind.Null or ValueKind.Boolean))
            errors.Error(tag.Source["debounce"], $"only a Boolean can be debounced, and '{tag.Signal}' is none", "write type: Boolean, or a deadband for a number");
        if (steps.Counter is not null && Element(tag) is ValueKind.Boolean or ValueKind.String or ValueKind.DateTime or ValueKind.Bytes or ValueKind.Structure)
            errors.Error(tag.Source["counter"], $"signal '{tag.Signal}' is no number, so it can't count", "write a number's type, or take the counter out");
        if (steps.Counter is not null && steps.EnumTexts is not null)
            errors.Error(tag.Source["counter"], $"signal '{tag.Signal}' can't both count and name states", "keep counter or enum");
        if (steps.Flatten && Element(tag) is not (ValueKind.Null or ValueKind.Structure))
            errors.Error(tag.Source["flatten"], $"only a structure can be flattened, and '{tag.Signal}' is none", "write type: Structure, or field: NAME to take one value out");
        if (steps.Field is { } field && field.Split('.').Any(string.IsNullOrWhiteSpace))
            errors.Error(tag.Source["field"], $"'{field}' is no path to a field", "write names with single points between them, e.g. field: Meta.ResultId");
        if (steps.TimeFormat != TimeFormat.Iso8601 && Element(tag) is not (ValueKind.DateTime or ValueKind.Null))
            errors.Error(tag.Source["timeFormat"], $"signal '{tag.Signal}' is no time", "write type: DateTime, or take timeFormat out");
    }

    private static ValueKind Element(ConfiguredTag tag) => tag.Kind == ValueKind.Array ? tag.ElementKind : tag.Kind;
}
