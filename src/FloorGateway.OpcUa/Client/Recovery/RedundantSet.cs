namespace FloorGateway.OpcUa.Client.Recovery;

/// <summary>
/// The servers of a non-transparent redundant set and which of them is in use (OPC 10000-4, 6.6.2). Pure: it is told what was found out, and says whether to move.
/// One owner.
/// </summary>
public sealed class RedundantSet
{
    /// <summary>A server below it says that it can't serve as it should (OPC 10000-4, 6.6.2.4.2).</summary>
    public const byte Healthy = 200;

    /// <summary>Attempts to reach the server in use before the others are asked: a line that is broken for a moment is no reason to lose subscriptions.</summary>
    public const int FailuresBeforeMoving = 2;

    private readonly List<string> _urls;
    private int _failures;

    public RedundantSet(string first, IEnumerable<string> others) => (_urls, Current) = ([.. new[] { first }.Concat(others).Distinct(StringComparer.OrdinalIgnoreCase)], first);

    /// <summary>The endpoint URL in use.</summary>
    public string Current { get; private set; }

    public IEnumerable<string> Others => _urls.Where(u => u != Current);

    public bool HasOthers => _urls.Count > 1;

    /// <summary>Learns further servers of the set; known ones stay as they are.</summary>
    public void Learn(IEnumerable<string> urls) => _urls.AddRange(urls.Distinct(StringComparer.OrdinalIgnoreCase).Where(u => !_urls.Contains(u, StringComparer.OrdinalIgnoreCase)).ToList());

    /// <summary>The server in use answers.</summary>
    public void Reached() => _failures = 0;

    /// <summary>The server in use could not be reached, or refused.</summary>
    /// <returns>True when it is time to ask the others.</returns>
    public bool Failed() => ++_failures >= FailuresBeforeMoving && HasOthers;

    /// <summary>The better of the others, or null when none is better.</summary>
    /// <param name="level">ServiceLevel of the server in use; -1 = it can't be reached.</param>
    /// <param name="others">ServiceLevels of those that could be asked.</param>
    public static string? Better(int level, IReadOnlyDictionary<string, byte> others)
    {
        var best = others.OrderByDescending(o => o.Value).FirstOrDefault();
        return best.Key is not null && level < Healthy && best.Value > level ? best.Key : null;
    }

    public void Move(string url)
    {
        if (!_urls.Contains(url, StringComparer.OrdinalIgnoreCase))
        {
            _urls.Add(url);
        }

        (Current, _failures) = (url, 0);
    }
}
