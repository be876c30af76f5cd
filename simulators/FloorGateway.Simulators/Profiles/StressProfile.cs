using FloorGateway.Simulators.Equipment;

namespace FloorGateway.Simulators.Profiles;

/// <summary>100,000 values on 20 servers of 5,000: each server has ten units of 500. 2,000 alarm bits come on top.</summary>
internal static class StressProfile
{
    private const int Servers = 20, UnitsEach = 10, FirstPort = 48601;

    public static SimulationProfile Create() => new()
    {
        Name = "stress",
        Scale = PlantScale.Demo,
        Servers =
        [
            .. Enumerable.Range(0, Servers).Select(s => new SimulatedServer
            {
                Name = $"s{s + 1:D2}",
                Port = FirstPort + s,
                Units = ProfileUnits.Series("LOAD", s * UnitsEach + 1, (s + 1) * UnitsEach, 3),
            }),
        ],
        Rows = [new("Load", 50_000, 150_000, [new(ProfileUnits.Series("LOAD", 1, Servers * UnitsEach, 3), LoadUnit.Tags + LoadUnit.Alarms)])],
    };
}
