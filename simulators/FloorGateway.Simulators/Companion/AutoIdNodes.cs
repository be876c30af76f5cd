using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.OpcUa;

namespace FloorGateway.Simulators.Companion;

/// <summary>AutoID devices (OPC 30010): the code readers of the module and pack lines, and the location system that knows where a vehicle is.</summary>
internal static class AutoIdNodes
{
    private const string Metre = "MTR", MetrePerSecond = "MTS", Degree = "DD";

    public static void AddReader(PublishedUnit unit)
    {
        var reader = Make(unit, "OpticalReaderDeviceType", "Reader", "Optical reader", ["LastScanData", "LastScanTimestamp", "DeviceLocationName"]);
        if ((unit.Find("CellIds") ?? unit.Find("ModuleIds")) is { } codes)
        {
            reader.Mirror("LastScanData", codes, v => Variant.From(v.Boxed is string[] { Length: > 0 } all ? all[^1] : ""));
            reader.Variable("LastScanTimestamp").OnRead = () => codes.GetValue() is var read ? new(Variant.FromDateTimeTicks(read.SourceTicks), read.Status, read.SourceTicks, read.ServerTicks) : default;
        }

        reader.FillDefaults();
    }

    public static void AddLocation(PublishedUnit unit)
    {
        var rtls = Make(unit, "RtlsDeviceType", "Rtls", "Location tag", ["DeviceLocation", "DeviceLocationName"]);
        foreach (var (name, code) in new[] { ("GeographicalUnit", Degree), ("SpeedUnit", MetrePerSecond), ("RotationalUnit", Degree), ("LengthUnit", Metre) })
            rtls.Set(name, Variant.From(EngineeringUnits.FromCode(code)));
        if (unit.Find("LinePosition") is { } position)
        {
            var (location, local) = (Layout(unit, "Location"), Layout(unit, "LocalCoordinate"));
            rtls.Mirror("DeviceLocation", position, v => Variant.From(new DynamicStructure(location)
            {
                ["Local"] = Variant.From(new DynamicStructure(local) { ["X"] = v, ["Timestamp"] = Variant.FromDateTimeTicks(position.GetValue().SourceTicks) }.ToExtensionObject()),
            }.ToExtensionObject()));
        }

        rtls.Mirror("DeviceLocationName", unit.Find("StationId")).FillDefaults();
    }

    private static Instance Make(PublishedUnit unit, string type, string name, string model, string[] optional) =>
        unit.Space.Instantiate(unit.Space.TypeId(CompanionSpecifications.AutoId, type), unit.Cell, name, new() { Optional = optional })
            .Nameplate(model, $"{unit.Unit.Code}-{name}").Text("DeviceName", $"{unit.Unit.Code} {name}");

    private static StructureLayout Layout(PublishedUnit unit, string type) => unit.Space.Get<DataTypeNode>(unit.Space.TypeId(CompanionSpecifications.AutoId, type)).Layout!;
}
