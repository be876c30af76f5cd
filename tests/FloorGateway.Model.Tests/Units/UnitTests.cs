using FloorGateway.Model.Units;

namespace FloorGateway.Model.Tests.Units;

public sealed class UnitTests
{
    [Theory]
    [InlineData("CEL", 4408652)]
    [InlineData("MTS", 5067859)]
    [InlineData("P1", 20529)]
    [InlineData("23", 12851)]
    [InlineData("4H", 13384)]
    [InlineData("C86", 4405302)]
    public void Folds_code_to_unit_id_and_back(string code, int id)
    {
        Assert.Equal(id, UnitIdCode.Fold(code));
        Assert.True(UnitIdCode.TryUnfold(id, out var back));
        Assert.Equal(code, back);
        Assert.True(UnitTable.TryFind(id, out var unit));
        Assert.Equal(code, unit.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mV/h")]
    [InlineData("cel")]
    [InlineData("CELS")]
    public void Text_that_is_no_code_has_no_unit_id(string text) => Assert.Equal(-1, UnitIdCode.Fold(text));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(0x430043)]
    public void Number_that_is_no_folded_code_does_not_unfold(int id) => Assert.False(UnitIdCode.TryUnfold(id, out _));

    [Theory]
    [InlineData("MPA", "BAR", 0.25, 2.5)]
    [InlineData("FAH", "CEL", 1274, 690)]
    [InlineData("CEL", "FAH", 100, 212)]
    [InlineData("FAH", "KEL", 32, 273.15)]
    [InlineData("H81", "2X", 60000, 60)]
    [InlineData("H81", "MTS", 60000, 1)]
    [InlineData("PS", "BAR", 36.26, 2.5)]
    [InlineData("MBR", "PAL", 40, 4000)]
    [InlineData("KWH", "JOU", 1, 3.6e6)]
    [InlineData("L2", "MQH", 1000, 60)]
    [InlineData("DD", "C81", 180, Math.PI)]
    [InlineData("mV/h", "H62", 60, 1)]
    [InlineData("GRM", "KGM", 250, 0.25)]
    public void Converts(string from, string to, double value, double expected)
    {
        Assert.True(UnitConversion.TryCreate(from, to, out var conversion, out _));
        Assert.Equal(expected, conversion.Apply(value), Math.Abs(expected) * 1e-4);
    }

    [Fact]
    public void Decimal_steps_convert_without_binary_dust()
    {
        Assert.True(UnitConversion.TryCreate("MPA", "BAR", out var up));
        Assert.Equal(2.5, up.Apply(0.25));
        Assert.True(UnitConversion.TryCreate("MMT", "CMT", out var down));
        Assert.Equal(0.1, down.Scale);
        Assert.True(UnitConversion.TryCreate("H81", "2X", out var speed));
        Assert.Equal(60.0, speed.Apply(60_000), 1e-12);
    }

    [Fact]
    public void Same_unit_is_identity()
    {
        Assert.True(UnitConversion.TryCreate("CEL", "°C", out var conversion));
        Assert.True(conversion.IsIdentity);
    }

    [Theory]
    [InlineData("NU", "JOU", "torque")]
    [InlineData("CEL", "BAR", "temperature")]
    [InlineData("XYZ", "BAR", "'XYZ' is unknown")]
    [InlineData("BAR", "parsec", "'parsec' is unknown")]
    public void Refuses_with_a_reason(string from, string to, string says)
    {
        Assert.False(UnitConversion.TryCreate(from, to, out _, out var reason));
        Assert.Contains(says, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("摄氏度", "CEL")]
    [InlineData("克", "GRM")]
    [InlineData("psi", "PS")]
    [InlineData(" °C ", "CEL")]
    [InlineData("m", "MTR")]
    public void Finds_by_symbol_and_alias(string text, string code)
    {
        Assert.True(UnitTable.TryFind(text, out var unit));
        Assert.Equal(code, unit.Code);
    }

    [Fact]
    public void Unit_of_our_own_has_no_code_and_unit_id_minus_one()
    {
        Assert.True(UnitTable.TryFind("mV/h", out var unit));
        Assert.Null(unit.Code);
        Assert.Equal(-1, unit.UnitId);
    }

    [Theory]
    [InlineData("CEL MTS KGM MBR MMT MPA B47 LTR DD P1 B22 41 4H VLT Q30 G42 SEC KWT KWH MQH MTR C26 NU L2 59 FAH H81 PS BAR KMH NEW AMP B75 RPM KPA C24 2X GM F47 23 LM PAL C86 WTT C16 B94 GRM MIN HUR AMH E45 G49 2Z 4K LUX")]
    public void Knows_every_code_of_the_plant(string codes)
    {
        foreach (var code in codes.Split(' '))
            Assert.True(UnitTable.TryFind(code, out _), code);
        Assert.True(UnitTable.All.Count >= 150);
    }

    [Fact]
    public void Codes_are_unique_and_fold()
    {
        Assert.Equal(UnitTable.All.Count(u => u.Code is not null), UnitTable.All.Select(u => u.Code).Where(c => c is not null).Distinct().Count());
        Assert.All(UnitTable.All, u => Assert.True(u.Code is null || u.UnitId > 0, u.Symbol));
        Assert.All(UnitTable.All, u => Assert.True(u.Factor > 0, u.Symbol));
    }
}
