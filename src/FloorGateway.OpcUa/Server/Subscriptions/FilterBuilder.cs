using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>Turns a client's filter into a <see cref="ChangeFilter"/> or says why it can't be (OPC 10000-4, 7.22).</summary>
internal static class FilterBuilder
{
    public static StatusCode Build(Node node, uint attributeId, ExtensionObject? requested, out ChangeFilter filter)
    {
        filter = ChangeFilter.Default;
        if (requested is null || requested.TypeId.IsNull)
            return StatusCodes.Good;
        if (requested.Decoded is not DataChangeFilter change)
            return StatusCodes.BadMonitoredItemFilterUnsupported;
        if (attributeId != AttributeIds.Value)
            return StatusCodes.BadFilterNotAllowed;
        if (!Enum.IsDefined(change.Trigger))
            return StatusCodes.BadMonitoredItemFilterInvalid;
        var deadband = -1.0;
        switch ((DeadbandType)change.DeadbandType)
        {
            case DeadbandType.None:
                break;
            case DeadbandType.Absolute or DeadbandType.Percent when !IsNumeric((VariableNode)node):
                return StatusCodes.BadFilterNotAllowed;
            case DeadbandType.Absolute:
                if (!(change.DeadbandValue >= 0))
                    return StatusCodes.BadDeadbandFilterInvalid;
                deadband = change.DeadbandValue;
                break;
            case DeadbandType.Percent:
                if (change.DeadbandValue is not (>= 0 and <= 100))
                    return StatusCodes.BadDeadbandFilterInvalid;
                if ((node.FindChild(new QualifiedName("EURange")) as VariableNode)?.GetValue().Value.AsStructure<Types.Range>() is not { } range)
                    return StatusCodes.BadMonitoredItemFilterUnsupported;
                deadband = change.DeadbandValue / 100 * (range.High - range.Low);
                break;
            default:
                return StatusCodes.BadMonitoredItemFilterInvalid;
        }

        filter = new ChangeFilter(change.Trigger, deadband);
        return StatusCodes.Good;
    }

    private static bool IsNumeric(VariableNode variable) =>
        variable.Space.BuiltInOf(variable.DataType) is >= BuiltInType.SByte and <= BuiltInType.Double || variable.Space.IsSubtype(variable.DataType, DataTypeIds.Number);
}
