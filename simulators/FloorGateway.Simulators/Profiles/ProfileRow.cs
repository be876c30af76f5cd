namespace FloorGateway.Simulators.Profiles;

/// <summary>One row of a profile's scale table: units of one or a few kinds with their tags, and the rates of all of them together.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="Average">Changes a second while the plant runs.</param>
/// <param name="Peak">Changes a second when all of the row's units are at their fastest at once.</param>
/// <param name="Kinds">What the row counts.</param>
public sealed record ProfileRow(string Name, double Average, double Peak, IReadOnlyList<ProfileUnits> Kinds)
{
    /// <summary>Units of the row.</summary>
    public int Units => Kinds.Sum(k => k.Codes.Count);

    /// <summary>Tags of the row.</summary>
    public int Tags => Kinds.Sum(k => k.Codes.Count * k.TagsEach);
}

/// <summary>Units of one kind.</summary>
/// <param name="Codes">Their codes.</param>
/// <param name="TagsEach">Tags of each.</param>
public sealed record ProfileUnits(IReadOnlyList<string> Codes, int TagsEach)
{
    /// <summary>Codes of consecutive numbers, for example RB, 1, 120 and 3 digits.</summary>
    public static IReadOnlyList<string> Series(string letters, int first, int last, int digits = 2) =>
        [.. Enumerable.Range(first, last - first + 1).Select(n => letters + n.ToString("D" + digits, System.Globalization.CultureInfo.InvariantCulture))];
}
