using FloorGateway.Model.Units;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>What unit an EUInformation means: by its UNECE number, or by the text that it shows where the number says nothing (<c>克</c>, <c>摄氏度</c>).</summary>
internal static class EngineeringUnit
{
    /// <summary>Null = a unit that the gateway does not know, or none.</summary>
    public static UnitOfMeasure? Find(EUInformation information)
    {
        // Other lists of units have numbers of their own.
        if (information.NamespaceUri is null or "" or UnitOfMeasure.UneceNamespace && information.UnitId > 0 && UnitTable.TryFind(information.UnitId, out var unit))
            return unit;
        return information.DisplayName.Text is { Length: > 0 } text && UnitTable.TryFind(text, out unit) ? unit : null;
    }
}
