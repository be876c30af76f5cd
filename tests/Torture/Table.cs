using System.Globalization;

namespace Torture;

/// <summary>The rows of the report.</summary>
internal static class Table
{
    public static string Head { get; } =
        $"{"round",5} {"at",8} {"blow",-23} {"s",6} {"produced",9} {"received",9} {"journaled",9} {"history",8} {"InfluxDB",8} {"MQTT",8} {"in gaps",7} {"records",7}  verdict";

    /// <param name="number">Of the round.</param>
    /// <param name="at">Time since the first round.</param>
    /// <param name="blow">What was dealt.</param>
    /// <param name="took">The round's time.</param>
    /// <param name="produced">Changes that the equipment wrote down in the round.</param>
    /// <param name="ledger">By how much received and journaled have risen in the gateway's ledger.</param>
    /// <param name="reckonings">By destination.</param>
    /// <param name="records">Gap records that are new.</param>
    /// <param name="verdict">In a word.</param>
    public static string Row(
        int number, TimeSpan at, string blow, TimeSpan took, int produced, (long Received, long Journaled) ledger, IReadOnlyList<Reckoning> reckonings, int records, string verdict) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{number,5} {at,8:h\\:mm\\:ss} {blow,-23} {took.TotalSeconds,6:0.0} {produced,9} {ledger.Received,9} {ledger.Journaled,9} {reckonings[0].Held,8} {reckonings[1].Held,8} {reckonings[2].Held,8} {reckonings.Max(r => r.InGaps),7} {records,7}  {verdict}");

    public static string Verdict(IEnumerable<Reckoning> reckonings)
    {
        var faults = reckonings.SelectMany(r => r.Faults).ToList();
        return faults.Count == 0
            ? "ok"
            : string.Join(", ", faults.Select(f => f.Split(' ')[1]).GroupBy(w => w).Select(g => $"{g.Key} {g.Count()}"));
    }

    public static string Summary(int produced, IReadOnlyList<Reckoning> reckonings, IReadOnlyList<Holding> holdings)
    {
        var text = new System.Text.StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"destination",-12} {"produced",10} {"held",10} {"in gaps",10} {"gap records",12} {"faults",8}");
        foreach (var (r, h) in reckonings.Zip(holdings))
            text.AppendLine(CultureInfo.InvariantCulture, $"{r.Name,-12} {produced,10} {r.Held,10} {r.InGaps,10} {h.Gaps.Count,12} {r.Faults.Count,8}");
        return text.ToString();
    }
}
