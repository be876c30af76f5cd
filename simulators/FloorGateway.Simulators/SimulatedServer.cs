namespace FloorGateway.Simulators;

/// <summary>One OPC UA server of a simulation.</summary>
public sealed record SimulatedServer
{
    /// <summary>Short name, for example cas; also the folder of its certificate.</summary>
    public required string Name { get; init; }

    /// <summary>TCP port on loopback; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>Codes of the units it hosts, for example DC01. The letters name the equipment type.</summary>
    public required IReadOnlyList<string> Units { get; init; }

    /// <summary>Offers security policy None beside Basic256Sha256, as much equipment does.</summary>
    public bool AllowInsecure { get; init; } = true;

    /// <summary>Accepts client certificates nobody put into pki/trusted: a simulator guards nothing.</summary>
    public bool AcceptAnyClient { get; init; } = true;

    /// <summary>Lets anonymous clients read, write and call.</summary>
    public bool AllowAnonymous { get; init; } = true;

    /// <summary>Offers OPC UA alarms and conditions beside the alarms' Booleans, as about half of the equipment does.</summary>
    public bool AlarmConditions { get; init; }

    /// <summary>Users who may log in by name.</summary>
    public IReadOnlyList<SimulatedUser> Users { get; init; } = [];
}

/// <summary>A user of a simulated server.</summary>
public sealed record SimulatedUser(string Name, string Password);
