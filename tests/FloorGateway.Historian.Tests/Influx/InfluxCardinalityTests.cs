using FloorGateway.Historian.Influx;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Tests.Influx;

public class InfluxCardinalityTests
{
    [Fact]
    public void Counts_a_series_a_unit_and_two_fields_a_signal()
    {
        var found = InfluxCardinality.Of(
        [
            ("Press", "LXE/A/B/C/D1", "S", ValueKind.Double), ("Press", "LXE/A/B/C/D1", "T", ValueKind.Double), ("Press", "LXE/A/B/C/D2", "S", ValueKind.Array), ("Oven", "LXE/A/B/C/D2", "S", ValueKind.Null),
        ]);
        Assert.Equal((2, 3, 8, 1), (found.Measurements, found.Series, found.Fields, found.Arrays));
        Assert.Equal("about 3 series (one a unit) in 2 measurements, up to 8 fields with their qualities, and a field for each element of 1 arrays and structures", found.ToString());
        Assert.Empty(found.Wide(version3: true));
    }

    [Fact]
    public void Names_types_with_more_columns_than_version_3_takes()
    {
        var found = InfluxCardinality.Of(Enumerable.Range(0, 300).Select(i => ("Rack", "LXE/R", $"S{i}", ValueKind.Double)));
        Assert.Contains("607 columns", Assert.Single(found.Wide(version3: true)), StringComparison.Ordinal);
        Assert.Empty(found.Wide(version3: false));
    }

    [Fact]
    public void Names_more_series_than_the_memory_of_a_server_is_made_for() =>
        Assert.Contains("1000001 series", Assert.Single(new InfluxCardinality(1, 1_000_001, 2_000_002, 0).Wide(version3: true)), StringComparison.Ordinal);
}
