using FloorGateway.Configuration.Loading;
using FloorGateway.Model.Units;

namespace FloorGateway.Configuration.Validation;

/// <summary>Units of measure must be known, and a source unit must measure the same quantity.</summary>
internal static class UnitOfMeasureChecks
{
    public static void Check(GatewayConfiguration configuration, Diagnostics errors)
    {
        foreach (var tag in configuration.Tags)
        {
            var source = tag.Normalisation.SourceUnit;
            var known = Known(tag.UnitCode, tag.Source["unit"], errors) & Known(source, tag.Source["sourceUnit"], errors);
            if (!known || source is null)
                continue;
            if (tag.UnitCode is null)
                errors.Error(tag.Source["sourceUnit"], $"signal '{tag.Signal}' has a sourceUnit but no unit to convert to", "add unit: CODE");
            else if (!UnitConversion.TryCreate(source, tag.UnitCode, out _, out var reason))
                errors.Error(tag.Source["sourceUnit"], reason, "mend one of the two units, or say what the source sends with scale and offset");
        }
    }

    private static bool Known(string? code, SourcePosition at, Diagnostics errors)
    {
        if (code is null || UnitTable.TryFind(code, out _))
            return true;
        errors.Error(at, $"unknown unit '{code}'", Nearest(code));
        return false;
    }

    private static string Nearest(string code)
    {
        var meant = Suggestion.For(code, UnitTable.All.Select(u => u.Code).OfType<string>());
        return (meant is null ? "" : $"did you mean '{meant}'? ") + "Write the unit's UNECE code (CEL, MTS, BAR, ...) or its symbol";
    }
}
