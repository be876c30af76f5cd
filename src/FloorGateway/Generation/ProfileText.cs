using System.Globalization;

namespace FloorGateway.Generation;

/// <summary>What differs from profile to profile around servers and units.</summary>
/// <param name="Id">The gateway's id.</param>
/// <param name="Comment">First lines of the file; {0} is the number of tags.</param>
/// <param name="Data">Data folder.</param>
/// <param name="Journal">The section 'journal'; empty without one.</param>
/// <param name="PublishingMs">How often servers send.</param>
/// <param name="Covers">Time that a server keeps the values of its fastest tag.</param>
/// <param name="Security">Option of each server with a comma behind; empty for the standard.</param>
internal sealed record ProfileText(string Id, string Comment, string Data, string Journal, int PublishingMs, TimeSpan Covers, string Security)
{
    // A grading station counts the 36 cells of a tray in one instant.
    private const int ShortestQueue = 100;

    // A number of values that reads well; the server grants what it has.
    private static readonly int[] Queues = [100, 200, 500, 1000];

    public static ProfileText Of(string profile) => profile switch
    {
        "plant" => new(
            "plant-01",
            """
            # The whole plant: {0} tags on 24 simulated servers ('floorgateway simulate run --profile plant' starts them).
            # Made by 'floorgateway generate plant'.
            """,
            "plant-data", "journal: {maxSize: 16GB, keepSize: 4GB}\n", 500, TimeSpan.FromSeconds(5), "security: {autoAccept: true}, "),
        "stress" => new(
            "stress-01",
            """
            # Load and nothing else: {0} tags on 20 simulated servers, 50,000 changes a second ('floorgateway simulate run --profile stress' starts them).
            # Made by 'floorgateway generate stress'.
            """,
            "stress-data", "journal: {maxSize: 16GB, keepSize: 4GB}\n", 250, TimeSpan.FromSeconds(10), "security: {autoAccept: true}, "),
        _ => throw new ArgumentOutOfRangeException(nameof(profile), profile, "There is no text for this profile."),
    };

    /// <summary>From the first line to the servers.</summary>
    public string Head(int tags) => string.Concat(
        string.Format(CultureInfo.InvariantCulture, Comment, tags.ToString("N0", CultureInfo.InvariantCulture)),
        $$"""

        gateway:
          id: {{Id}}
          site: LXE/JSH
          data: {{Data}}
          http: {bind: 127.0.0.1, port: 8080}

        broker: {bind: 127.0.0.1, port: 1883, anonymous: true}

        """,
        Journal.Length > 0 ? "\n" + Journal : "").ReplaceLineEndings("\n");

    /// <summary>Options of a server beside its URL.</summary>
    /// <param name="fastestMs">Sampling interval of its fastest tag.</param>
    public string Server(int fastestMs)
    {
        var wanted = Math.Max(ShortestQueue, Covers.TotalMilliseconds / fastestMs);
        var queue = Queues.FirstOrDefault(q => q >= wanted, Queues[^1]);
        return $"{Security}publishingInterval: {PublishingMs}ms, samplingInterval: 0, queueSize: {queue}";
    }

    /// <summary>The feeds.</summary>
    public static string Tail => """
        feeds:
          uns: {type: mqtt, url: "mqtt://127.0.0.1:1883"}
          history: {type: history, retention: 7d}

        """.ReplaceLineEndings("\n");
}
