using System.Collections.Frozen;

namespace FloorGateway.Pipeline.Normalisation;

/// <summary>State numbers of PackML (OPC 30050), for <see cref="TagNormalisation.EnumTexts"/>.</summary>
public static class PackMlStates
{
    public static IReadOnlyDictionary<long, string> Names { get; } = new Dictionary<long, string>
    {
        [1] = "Clearing",
        [2] = "Stopped",
        [3] = "Starting",
        [4] = "Idle",
        [5] = "Suspended",
        [6] = "Execute",
        [7] = "Stopping",
        [8] = "Aborting",
        [9] = "Aborted",
        [10] = "Holding",
        [11] = "Held",
        [12] = "Unholding",
        [13] = "Suspending",
        [14] = "Unsuspending",
        [15] = "Resetting",
        [16] = "Completing",
        [17] = "Complete",
    }.ToFrozenDictionary();
}
