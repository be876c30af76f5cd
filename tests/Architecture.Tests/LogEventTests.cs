using System.Globalization;
using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>Log events are found by their number, so a number means one thing.</summary>
public sealed partial class LogEventTests
{
    private static readonly (string Folder, int First, int Last)[] Ranges =
    [
        ("src/FloorGateway.Net/", 1000, 1099),
        ("src/FloorGateway.OpcUa/", 1100, 1399),
        ("src/FloorGateway.Mqtt/", 1400, 1499),
        ("src/FloorGateway.Pipeline/", 1500, 1599),
        ("src/FloorGateway.Historian/", 1600, 1699),
        ("src/FloorGateway.Connectors/", 1700, 1799),
        ("simulators/FloorGateway.Simulators/", 1800, 1899),
        ("src/FloorGateway.Hmi/", 1900, 1949),
        ("src/FloorGateway/", 2000, 2099),
    ];

    private static readonly List<(SourceFile File, int? Id, string Text)> Events =
    [
        .. SourceTree.Product.SelectMany(f => Attribute().Matches(f.Text).Select(m => (f, int.TryParse(Id().Match(m.Groups[1].Value).Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (int?)null, m.Value))),
    ];

    [Fact]
    public void There_are_log_events_to_look_at() => Assert.NotEmpty(Events);

    [Fact]
    public void Every_log_event_has_a_number() => Assert.Equal([], Events.Where(e => e.Id is null).Select(e => $"{e.File}: {e.Text}"));

    [Fact]
    public void No_two_log_events_share_a_number() =>
        Assert.Equal([], Events.Where(e => e.Id is not null).GroupBy(e => e.Id).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(e => e.File.Name))}"));

    [Fact]
    public void A_log_events_number_lies_in_its_projects_range() =>
        Assert.Equal([], Events.Where(e => e.Id is { } id && !Ranges.Any(r => e.File.Name.StartsWith(r.Folder, StringComparison.Ordinal) && id >= r.First && id <= r.Last)).Select(e => $"{e.File}: {e.Id}"));

    [GeneratedRegex(@"\[LoggerMessage\(([^""]*)")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^\s*(?:EventId\s*=\s*|[^""]*?\bEventId\s*=\s*)?(\d+)")]
    private static partial Regex Id();
}
