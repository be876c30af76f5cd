namespace FloorGateway.Model.Units;

/// <summary>A unit of measure. A value in this unit times <see cref="Factor"/> plus <see cref="Offset"/> is the value in the quantity's base unit.</summary>
/// <param name="Code">UNECE Recommendation 20 common code, e.g. <c>CEL</c>; null for units of our own such as mV/h.</param>
/// <param name="Symbol">As people write it, e.g. <c>°C</c>.</param>
/// <param name="Quantity">What it measures, e.g. <c>pressure</c>: only units of one quantity convert into each other (N·m and J have one dimension and two meanings).</param>
/// <param name="Factor">Base units in one of this unit.</param>
/// <param name="Offset">Value in base units at zero of this unit; decimal, so that the difference of two temperatures' zeros keeps its digits.</param>
public sealed record UnitOfMeasure(string? Code, string Symbol, string Quantity, double Factor, decimal Offset)
{
    /// <summary>Namespace of EUInformation for units with a UNECE code (OPC UA Part 8, 5.6.3).</summary>
    public const string UneceNamespace = "http://www.opcfoundation.org/UA/units/un/cefact";

    /// <summary>The UnitId of OPC UA's EUInformation: the code folded to a number, -1 where there is no code.</summary>
    public int UnitId => Code is null ? -1 : UnitIdCode.Fold(Code);
}
