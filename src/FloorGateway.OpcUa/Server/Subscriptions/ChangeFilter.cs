using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>Decides whether a value is a change worth reporting (OPC 10000-4, 7.22.2). Remembers the last one that was.</summary>
internal struct ChangeFilter(DataChangeTrigger trigger, double deadband)
{
    private Variant lastValue;
    private StatusCode lastStatus;
    private long lastSourceTicks;
    private bool hasLast;

    public static ChangeFilter Default => new(DataChangeTrigger.StatusValue, -1);

    /// <summary>True when each change of value or status is to be reported.</summary>
    public readonly bool IsDefault => Trigger == DataChangeTrigger.StatusValue && Deadband < 0;

    public DataChangeTrigger Trigger { get; } = trigger;

    /// <summary>Absolute difference in the value's unit that counts as a change; negative = any difference does.</summary>
    public double Deadband { get; } = deadband;

    /// <summary>True when the value is to be queued; it is then the one later values are compared with.</summary>
    public bool Accept(in Variant value, StatusCode status, long sourceTicks)
    {
        if (hasLast && !IsChange(value, status, sourceTicks))
            return false;
        hasLast = true;
        lastValue = value;
        lastStatus = status;
        lastSourceTicks = sourceTicks;
        return true;
    }

    /// <summary>Makes the next value pass whatever it is.</summary>
    public void Reset() => hasLast = false;

    private readonly bool IsChange(in Variant value, StatusCode status, long sourceTicks)
    {
        if (status.Value != lastStatus.Value)
            return true;
        if (Trigger == DataChangeTrigger.Status)
            return false;
        if (Trigger == DataChangeTrigger.StatusValueTimestamp && sourceTicks != lastSourceTicks)
            return true;
        return Deadband < 0 ? !VariantEquality.Same(value, lastValue) : Exceeds(value, lastValue, Deadband);
    }

    private static bool Exceeds(in Variant value, in Variant last, double deadband)
    {
        if (!value.IsArray)
        {
            return !value.TryGetDouble(out var a) || !last.TryGetDouble(out var b) || IsApart(a, b, deadband);
        }

        // Any element beyond the deadband reports the whole array (7.22.2). What is no number has no distance: always a change.
        if (value.Elements is not { } x || last.Elements is not { } y || x.Length != y.Length || !IsNumber(value.Type) || !IsNumber(last.Type))
            return true;
        if (x is double[] left && y is double[] right)
        {
            for (var i = 0; i < left.Length; i++)
            {
                if (IsApart(left[i], right[i], deadband))
                    return true;
            }

            return false;
        }

        for (var i = 0; i < x.Length; i++)
        {
            if (IsApart(Convert.ToDouble(x.GetValue(i)), Convert.ToDouble(y.GetValue(i)), deadband))
                return true;
        }

        return false;
    }

    private static bool IsNumber(BuiltInType type) => type is >= BuiltInType.SByte and <= BuiltInType.Double;

    // Written so that a NaN on one side only is a change.
    private static bool IsApart(double a, double b, double deadband) => !(Math.Abs(a - b) <= deadband) && !(double.IsNaN(a) && double.IsNaN(b)) && a != b;
}
