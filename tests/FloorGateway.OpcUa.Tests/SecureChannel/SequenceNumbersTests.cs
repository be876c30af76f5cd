using FloorGateway.OpcUa.SecureChannel;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public class SequenceNumbersTests
{
    private const uint LastBeforeWrap = uint.MaxValue - 1024;

    [Fact]
    public void Sends_one_after_the_other_and_wraps_after_the_limit()
    {
        var numbers = SequenceNumbers.After(LastBeforeWrap - 1);
        Assert.Equal(LastBeforeWrap, numbers.Next());
        Assert.Equal(LastBeforeWrap + 1, numbers.Next());
        Assert.Equal(1u, numbers.Next());
        Assert.Equal(2u, numbers.Next());
    }

    [Fact]
    public void Begins_with_one() => Assert.Equal(1u, default(SequenceNumbers).Next());

    [Theory]
    [InlineData(0u)]
    [InlineData(51u)]
    [InlineData(uint.MaxValue)]
    public void Takes_any_first_number(uint first) => Assert.True(default(SequenceNumbers).TryAccept(first));

    [Theory]
    [InlineData(10u, 11u, true)]
    [InlineData(10u, 10u, false)]
    [InlineData(10u, 9u, false)]
    [InlineData(10u, 12u, false)]
    [InlineData(10u, 1u, false)]
    [InlineData(LastBeforeWrap, 1u, false)]
    [InlineData(LastBeforeWrap, LastBeforeWrap + 1, true)]
    [InlineData(LastBeforeWrap + 1, 0u, true)]
    [InlineData(LastBeforeWrap + 1, 1023u, true)]
    [InlineData(LastBeforeWrap + 1, 1024u, false)]
    [InlineData(LastBeforeWrap + 1, LastBeforeWrap + 1, false)]
    [InlineData(uint.MaxValue, 0u, true)]
    [InlineData(uint.MaxValue, uint.MaxValue, false)]
    public void Takes_the_next_or_a_permitted_wrap_only(uint last, uint received, bool accepted)
    {
        var numbers = SequenceNumbers.After(last);
        Assert.Equal(accepted, numbers.TryAccept(received));
    }

    [Fact]
    public void A_refused_number_changes_nothing()
    {
        var numbers = SequenceNumbers.After(5);
        Assert.False(numbers.TryAccept(7));
        Assert.True(numbers.TryAccept(6));
    }
}
