using FloorGateway.Simulators.Identification;

namespace FloorGateway.Simulators.Tests.Identification;

public sealed class VinTests
{
    [Theory]
    [InlineData("1M8GDM9AXKP042788")]
    [InlineData("11111111111111111")]
    [InlineData("5GZCZ43D13S812715")]
    public void Published_examples_have_their_check_digit(string vin) => Assert.True(Vin.IsValid(vin));

    [Theory]
    [InlineData("5GZCZ43D23S812715")]
    [InlineData("5GZCZ43D13S81271")]
    [InlineData("5GZCZ43D13S8I2715")]
    public void Wrong_digit_length_or_letter_is_found(string vin) => Assert.False(Vin.IsValid(vin));

    [Fact]
    public void Created_numbers_are_valid() =>
        Assert.All(Enumerable.Range(1, 500), n => Assert.True(Vin.IsValid(Vin.Create(n)), Vin.Create(n)));

    [Fact]
    public void Battery_code_has_24_characters_with_the_date_in_three() =>
        Assert.Equal("9LXCE01JS1C07AH3F0012345", BatteryCode.Cell('E', "JS1C07A", new DateOnly(2027, 3, 15), 12345));
}
