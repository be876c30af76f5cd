using System.Globalization;
using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>The plant's thirty normalisation cases, each with a test that bears its number, in whatever project decides it.</summary>
public sealed partial class NormalisationCaseTests
{
    [Fact]
    public void Every_case_from_1_to_30_is_tested_by_its_number()
    {
        var tested = SourceTree.Tests.Where(f => Path.GetFileName(f.Name).StartsWith("NormalisationCasesTests", StringComparison.Ordinal))
            .SelectMany(f => Case().Matches(f.Text)).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToHashSet();
        Assert.Equal([], Enumerable.Range(1, 30).Where(n => !tested.Contains(n)));
    }

    [GeneratedRegex(@"public (?:void|async Task) Case_(\d+)_")]
    private static partial Regex Case();
}
