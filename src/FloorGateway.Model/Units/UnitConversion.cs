using System.Diagnostics.CodeAnalysis;

namespace FloorGateway.Model.Units;

/// <summary>A linear conversion between two units of one quantity: to = from × <see cref="Scale"/> + <see cref="Offset"/>.</summary>
public readonly record struct UnitConversion(double Scale, double Offset)
{
    public bool IsIdentity => Scale == 1 && Offset == 0;

    public double Apply(double value) => (value * Scale) + Offset;

    /// <summary>False, with a reason for people, where a unit is unknown or the two measure different things.</summary>
    /// <param name="from">Code, symbol or alias of the source's unit.</param>
    /// <param name="to">Code, symbol or alias of the wanted unit.</param>
    /// <param name="conversion">The conversion; identity on failure.</param>
    /// <param name="reason">Why not.</param>
    public static bool TryCreate(string from, string to, out UnitConversion conversion, [NotNullWhen(false)] out string? reason)
    {
        conversion = new UnitConversion(1, 0);
        if (!UnitTable.TryFind(from, out var source))
        {
            reason = $"unit '{from}' is unknown; give its UNECE code or symbol";
            return false;
        }

        if (!UnitTable.TryFind(to, out var target))
        {
            reason = $"unit '{to}' is unknown; give its UNECE code or symbol";
            return false;
        }

        if (source.Quantity != target.Quantity)
        {
            reason = $"'{from}' is a unit of {source.Quantity}, '{to}' one of {target.Quantity}; they don't convert into each other";
            return false;
        }

        reason = null;
        if (source.Factor != target.Factor || source.Offset != target.Offset)
            conversion = new UnitConversion(Ratio(source.Factor, target.Factor), (double)(source.Offset - target.Offset) / target.Factor);
        return true;
    }

    /// <inheritdoc cref="TryCreate(string, string, out UnitConversion, out string?)"/>
    public static bool TryCreate(string from, string to, out UnitConversion conversion) => TryCreate(from, to, out conversion, out _);

    // 0.001/0.01 is not 0.1 in binary; whichever of the quotient and the inverse quotient is whole is exact.
    private static double Ratio(double a, double b)
    {
        var inverse = b / a;
        var whole = Math.Round(inverse);
        return whole >= 1 && Math.Abs(inverse - whole) < 1e-12 * whole ? 1 / whole : Snap(a / b);
    }

    private static double Snap(double ratio)
    {
        var whole = Math.Round(ratio);
        return whole >= 1 && Math.Abs(ratio - whole) < 1e-12 * whole ? whole : ratio;
    }
}
