using FloorGateway.Simulators.Equipment;

namespace FloorGateway.Simulators.Flow;

/// <summary>Which machines stand in which dry room.</summary>
public sealed partial class PlantLayout
{
    // The solid-state shop's machines stand in its rooms in turn; liquid cells bear wetter air, so nobody stops their lines.
    private void PutIntoDryRooms()
    {
        var shop = _units.Where(u => u.Location.Contains("/SSC/", StringComparison.Ordinal)).ToList();
        var rooms = shop.OfType<DryRoom>().ToList();
        if (rooms.Count == 0) return;
        var lines = shop.Where(u => u is not DryRoom).ToList();
        for (var i = 0; i < lines.Count; i++) rooms[i % rooms.Count].Protects(lines[i]);
    }
}
