namespace FloorGateway.Model.Status;

/// <summary>One southbound connection as the status page shows it.</summary>
/// <param name="Server">Name in the configuration.</param>
/// <param name="Url">Endpoint URL.</param>
/// <param name="State">Connecting, Connected, Degraded, Disconnected.</param>
/// <param name="Detail">Why, in one sentence; null where all is well.</param>
/// <param name="Security">E.g. <c>Basic256Sha256 SignAndEncrypt</c>.</param>
/// <param name="Since">When the state was entered.</param>
/// <param name="Tags">Tags bound to this server.</param>
/// <param name="BadTags">Tags of which the server said that it can't give them, with the reason.</param>
public sealed record ConnectionStatus(string Server, string Url, string State, string? Detail, string Security, DateTimeOffset Since, int Tags, IReadOnlyDictionary<string, string> BadTags)
{
    /// <summary>How far the source times of this server's values are ahead of the gateway's clock; negative = behind; null = not known yet.</summary>
    public TimeSpan? ClockOffset { get; init; }
}

/// <summary>What the gateway says of itself.</summary>
public interface IGatewayStatus
{
    string GatewayId { get; }

    DateTimeOffset Started { get; }

    IReadOnlyList<ConnectionStatus> Connections { get; }

    /// <summary>What is wrong at present with what the equipment sends, the most urgent first.</summary>
    IReadOnlyList<GatewayCondition> Conditions => [];

    /// <summary>Insecure choices written down in the configuration: shown on the status page, logged at start.</summary>
    IReadOnlyList<string> InsecureChoices { get; }
}
