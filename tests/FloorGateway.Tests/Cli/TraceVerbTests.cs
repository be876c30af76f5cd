using FloorGateway.Cli;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.TestKit;

namespace FloorGateway.Tests.Cli;

public sealed class TraceVerbTests : IDisposable
{
    private const long Noon = 639_400_000_000_000_000;
    private static readonly DateOnly Day = new(2027, 3, 15);
    private static readonly string Vehicle = Vin.Create(7);
    private static readonly string Pack = BatteryCode.Create(BatteryProduct.Pack, 'E', "JSP001A", Day, 1);
    private static readonly string Lot = "SL-270315-MIX01-0001";

    private readonly TempDirectory folder = new();

    public TraceVerbTests()
    {
        Directory.CreateDirectory(folder["run/simulators"]);
        using var genealogy = new Genealogy(File.Create(folder["run/simulators/genealogy-20270315T040000.jsonl"]));
        genealogy.Consumed(Lot, "RL-270315-COAT01-0001", 1, "COAT01", Noon);
        genealogy.Consumed("RL-270315-COAT01-0001", "RL-270315-COAT01-0001-2", 2, "CAL01", Noon);
        for (var module = 1; module <= 12; module++)
        {
            for (var cell = 1; cell <= 36; cell++)
            {
                genealogy.Consumed("RL-270315-COAT01-0001-2", Cell(module, cell), 1, "STK10", Noon);
                genealogy.Consumed(Cell(module, cell), Module(module), cell, "M01", Noon);
            }

            genealogy.Consumed(Module(module), Pack, module, "P01", Noon);
        }

        genealogy.Consumed("PB-270315-RB001-00007", Vehicle, 1, "SPL01", Noon);
        genealogy.Consumed("BD-270315-RB001-00007", "PB-270315-RB001-00007", 1, "PNT01", Noon);
        genealogy.Consumed("GC-R-270315-DC01-00412", "BD-270315-RB001-00007", 1, "RB001", Noon);
        genealogy.Consumed(Pack, Vehicle, 2, "MAR01", Noon);
        genealogy.Result(Vehicle, "ADAS01-00000001", ok: false, "ADAS01", Noon);
        genealogy.Disposition(Vehicle, "Rework", "CONV", "ADAS01", Noon);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_vehicle_shows_its_pack_modules_cells_coil_roll_and_lot_and_its_castings()
    {
        var (code, output, _) = await Run(Vehicle, "--genealogy", folder["run"]);
        Assert.Equal(ExitCodes.Ok, code);
        foreach (var expected in (string[])[$"vehicle {Vehicle} is made of", $"pack {Pack} (position 2, MAR01", $"module {Module(12)}", $"36 cells, positions 1 to 36: {Cell(1, 1)} to {Cell(1, 36)}", "coil RL-270315-COAT01-0001-2",
            $"slurry lot {Lot}", "casting GC-R-270315-DC01-00412", "1 pack, 12 modules, 432 cells, 1 coil, 1 roll, 1 slurry lot", "ADAS01   NotOK (ADAS01-00000001)", "Rework: CONV", "nothing yet"])
            Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Equal(12, output.Split("36 cells").Length - 1);
    }

    [Fact]
    public async Task All_lists_each_cell()
    {
        var (_, output, _) = await Run(Vehicle, "--genealogy", folder["run"], "--all");
        for (var cell = 1; cell <= 36; cell++) Assert.Contains($"cell {Cell(5, cell)}", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SL-270315-MIX01-0001")]
    [InlineData("GC-R-270315-DC01-00412")]
    public async Task Containment_leads_from_a_lot_or_a_casting_to_the_vehicle(string origin)
    {
        var (code, output, _) = await Run(origin, "--genealogy", folder["run/simulators/genealogy-20270315T040000.jsonl"]);
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("went into", output, StringComparison.Ordinal);
        Assert.Contains("1 vehicle", output, StringComparison.Ordinal);
        Assert.Contains(Vehicle, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_lists_are_cut_and_counted()
    {
        var (_, output, _) = await Run(Lot, "--genealogy", folder["run"]);
        Assert.Contains("432 cells", output, StringComparison.Ordinal);
        Assert.Contains("and 420 more; --all lists them", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_code_is_named_with_what_is_wrong_and_the_nearest_one()
    {
        var wrong = Vehicle[..8] + (Vehicle[8] == '1' ? '2' : '1') + Vehicle[9..];
        var (code, _, error) = await Run(wrong, "--genealogy", folder["run"]);
        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Contains($"knows no part '{wrong}' (as a VIN it would need the check digit {Vehicle[8]} in position 9); did you mean '{Vehicle}'?", error, StringComparison.Ordinal);
        Assert.Contains($"did you mean '{Pack}'?", (await Run(Pack[..^1], "--genealogy", folder["run"])).Error, StringComparison.Ordinal);
        Assert.Contains("it knows VINs, battery codes", (await Run("bolt", "--genealogy", folder["run"])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_genealogy_is_said_to_be_none()
    {
        await File.WriteAllTextAsync(folder["notes.jsonl"], "hello\n", TestContext.Current.CancellationToken);
        var (code, _, error) = await Run(Vehicle, "--genealogy", folder["notes.jsonl"]);
        Assert.Equal(ExitCodes.BadConfiguration, code);
        Assert.Contains("can't be read as a genealogy: line 1:", error, StringComparison.Ordinal);
        Assert.Contains("there is no genealogy at", (await Run(Vehicle, "--genealogy", folder["elsewhere"])).Error, StringComparison.Ordinal);
    }

    private static string Module(int number) => BatteryCode.Create(BatteryProduct.Module, 'E', "JSM001A", Day, number);

    private static string Cell(int module, int number) => BatteryCode.Cell('E', "JSW008A", Day, module * 100 + number);

    private static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLineEntry.RunAsync(["trace", .. arguments], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
