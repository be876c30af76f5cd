using FloorGateway.Simulators.Identification;

namespace FloorGateway.Simulators.Tests.Identification;

public sealed class BatteryCodeTests
{
    [Fact]
    public void The_standards_layout_is_built_and_read_back()
    {
        var code = BatteryCode.Create(BatteryProduct.Cell, 'E', "JS1C07A", new(2027, 3, 15), 12345);
        Assert.Equal("9LXCE01JS1C07AH3F0012345", code);
        Assert.True(BatteryCode.IsValid(code));
        Assert.Equal(new DateOnly(2027, 3, 15), BatteryCode.Date(code));
        Assert.Equal('P', BatteryCode.Create(BatteryProduct.Pack, 'Z', "JSP001A", new(2027, 3, 15), 1)[3]);
    }

    [Fact]
    public void Every_day_of_the_coded_years_is_read_back()
    {
        for (var day = new DateOnly(2010, 1, 1); day <= new DateOnly(2042, 12, 31); day = day.AddDays(1))
            Assert.Equal(day, BatteryCode.Date(BatteryCode.Cell('B', "JSW001A", day, 7)));
    }

    [Theory]
    [InlineData("9LXCE01JS1C07AH3F001234", "24 characters")]
    [InlineData("9LXCE01JS1C07AH3F00123456", "24 characters")]
    [InlineData("9LXCE01JS1C07AH3F001234a", "Character 24")]
    [InlineData("9LXCE01JS1O07AH3F0012345", "Character 11")]
    [InlineData("9LXXE01JS1C07AH3F0012345", "product")]
    [InlineData("9LXCH01JS1C07AH3F0012345", "chemistry")]
    [InlineData("9LXCE01JS1C07AHDF0012345", "month")]
    [InlineData("9LXCE01JS1C07AH0F0012345", "month")]
    [InlineData("9LXCE01JS1C07AH2X0012345", "day")] // the 30th of February
    [InlineData("9LXCE01JS1C07AH3Z0012345", "day")]
    [InlineData("9LXCE01JS1C07AH3F00123A5", "serial")]
    public void What_is_wrong_is_said(string code, string what)
    {
        Assert.False(BatteryCode.IsValid(code));
        Assert.Contains(what, BatteryCode.Problem(code), StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => BatteryCode.Date(code));
    }

    [Fact]
    public void Machines_that_give_codes_have_traces_of_their_own()
    {
        string[] units = ["WLD01", "WLD20", "FR01", "FR35", "PFR01", "M01", "M02", "P01", "ELF08"];
        Assert.Equal(units.Length, units.Select(BatteryCode.TraceOf).Distinct().Count());
        Assert.All(units, u => Assert.Equal(7, BatteryCode.TraceOf(u).Length));
    }
}
