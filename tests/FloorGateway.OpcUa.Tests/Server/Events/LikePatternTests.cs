using FloorGateway.OpcUa.Server.Events;

namespace FloorGateway.OpcUa.Tests.Server.Events;

public sealed class LikePatternTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "%", true)]
    [InlineData("", "_", false)]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "ABC", false)]
    [InlineData("abc", "ab", false)]
    [InlineData("abc", "a%", true)]
    [InlineData("abc", "%c", true)]
    [InlineData("abc", "%b%", true)]
    [InlineData("abc", "a_c", true)]
    [InlineData("abc", "____", false)]
    [InlineData("main", "[a-m]%", true)]
    [InlineData("zain", "[a-m]%", false)]
    [InlineData("bake", "[^a]ake", true)]
    [InlineData("aake", "[^a]ake", false)]
    [InlineData("a-b", "a[-x]b", true)]
    [InlineData("100%", "100\\%", true)]
    [InlineData("1000", "100\\%", false)]
    [InlineData("a_b", "a\\_b", true)]
    [InlineData("aab", "%ab", true)]
    [InlineData("abcabcd", "%abcd", true)]
    [InlineData("mississippi", "m%iss%p_", true)]
    public void Matches_as_the_standard_says(string text, string pattern, bool expected) => Assert.Equal(expected, LikePattern.IsMatch(text, pattern));

    [Theory]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[abc")]
    [InlineData("abc\\")]
    public void Unfinished_patterns_are_not_valid(string pattern) => Assert.False(LikePattern.IsValid(pattern));
}
