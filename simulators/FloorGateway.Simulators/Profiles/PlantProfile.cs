using static FloorGateway.Simulators.Profiles.ProfileUnits;

namespace FloorGateway.Simulators.Profiles;

/// <summary>The plant's units as its numbering has them, on 24 servers, and its scale table.</summary>
internal static class PlantProfile
{
    private const int FirstPort = 48501;

    private static readonly (string Name, string[][] Units)[] Servers =
    [
        ("cas", [S("DC", 1, 2), S("TRIM", 1, 1), S("XRAY", 1, 1)]),
        ("bdy1", [S("RB", 1, 60, 3), S("CVB", 1, 8)]),
        ("bdy2", [S("RB", 61, 120, 3), S("CVB", 9, 16)]),
        ("pnt", [S("PTR", 1, 1), S("PNT", 1, 1), S("OVN", 1, 2), S("SEL", 1, 1), S("BTH", 1, 1), S("CVP", 1, 12)]),
        ("spv", [S("SPL", 1, 1), S("SPV", 1, 130, 3)]),
        ("trim", [S("ST", 1, 40, 3)]),
        ("chas", [S("ST", 41, 68, 3), S("MAR", 1, 1), S("FF", 1, 4)]),
        ("final", [S("ST", 69, 102, 3), S("GL", 1, 2)]),
        ("tt1", [S("TT", 1, 44)]),
        ("tt2", [S("TT", 45, 73)]),
        ("eol", [S("ADAS", 1, 4), S("RT", 1, 3), S("FC", 1, 4), S("RAIN", 1, 1), S("AUDIT", 1, 1), S("CVE", 1, 6)]),
        ("mix", [S("MIX", 1, 10)]),
        ("coat", [S("COAT", 1, 7)]),
        ("cal", [S("CAL", 1, 8)]),
        ("ssc", [S("DRY", 1, 4), S("STK", 1, 9), S("WIP", 1, 8), S("WLD", 1, 7)]),
        ("stk", [S("STK", 10, 28)]),
        ("wld", [S("DRY", 5, 6), S("WLD", 8, 20), S("CVC", 1, 12)]),
        ("elf", [S("ELF", 1, 8)]),
        ("frm", [S("FR", 1, 35)]),
        ("age", [S("AGE", 1, 10), S("GRD", 1, 7)]),
        ("mod1", [S("M", 1, 1), S("M01C", 2, 14)]),
        ("mod2", [S("M", 2, 2), S("M02C", 2, 14), S("CVM", 1, 7)]),
        ("pck", [S("P", 1, 1), S("P01C", 2, 12), S("TT", 74, 88), S("LK", 1, 3), S("PE", 1, 5)]),
        ("utl", [S("MTR", 1, 300, 3)]),
    ];

    // Rates as the plant's planning has them; PNT01 is bath, oven and booth of one conveyor, so pre-treatment, sealing and the second of each stand for themselves.
    private static readonly ProfileRow[] Rows =
    [
        new("DC", 120, 800, [Of("DC", 320)]),
        new("RB", 480, 1200, [Of("RB", 40)]),
        new("Paint", 120, 360, [Of("PNT", 180), Of("PTR", 180), Of("OVN", 180), Of("SEL", 180), Of("BTH", 180)]),
        new("SPV", 650, 1560, [Of("SPV", 16)]),
        new("MAR", 20, 100, [Of("MAR", 120)]),
        new("TT", 88, 528, [Of("TT", 24)]),
        new("FF; GL; ADAS", 68, 280, [Of("FF", 40), Of("GL", 70), Of("ADAS", 60)]),
        new("RT; FC", 123, 840, [Of("RT", 70), Of("FC", 60)]),
        new("MIX", 100, 200, [Of("MIX", 80)]),
        new("COAT", 420, 1050, [Of("COAT", 260)]),
        new("CAL", 240, 640, [Of("CAL", 110)]),
        new("STK", 420, 1120, [Of("STK", 60)]),
        new("WIP; DRY", 64, 220, [Of("WIP", 40), Of("DRY", 90)]),
        new("WLD; ELF", 216, 640, [Of("WLD", 50), Of("ELF", 70)]),
        new("FR", 1050, 2100, [Of("FR", 60 * 12 + 30)]),
        new("GRD+AGE", 136, 680, [Of("GRD", 50), Of("AGE", 50)]),
        new("M/P cells", 160, 600, [Of("M", 45), Of("P", 45), Of("M01C", 45), Of("M02C", 45), Of("P01C", 45)]),
        new("LK+PE", 96, 480, [Of("LK", 90), Of("PE", 90)]),
        new("Station PLC", 320, 1280, [.. new[] { "ST", "SPL", "TRIM", "XRAY", "RAIN", "AUDIT", "CVB", "CVP", "CVE", "CVC", "CVM" }.Select(l => Of(l, 30))]),
        new("Meters", 450, 450, [Of("MTR", 12)]),
    ];

    public static SimulationProfile Create() => new()
    {
        Name = "plant",
        Scale = PlantScale.Full,
        Rows = Rows,
        Tags = PlantFittings.Tags,
        Servers =
        [
            .. Servers.Select((s, i) => new SimulatedServer
            {
                Name = s.Name, Port = FirstPort + i, Units = [.. s.Units.SelectMany(u => u)],
                AlarmConditions = i % 2 == 0, // as a plant is: half of the equipment has plain bits only
            }),
        ],
    };

    private static string[] S(string letters, int first, int last, int digits = 2) => [.. Series(letters, first, last, digits)];

    private static ProfileUnits Of(string letters, int tags) =>
        new([.. Servers.SelectMany(s => s.Units).SelectMany(u => u).Where(c => EquipmentCatalogue.LettersOf(c) == letters)], tags);
}
