namespace FloorGateway.Configuration;

/// <summary>The embedded MQTT broker.</summary>
public sealed record BrokerSettings
{
    /// <summary>IP address to listen on.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>TCP port; 0 = any free port.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>Lets clients in without a user name.</summary>
    public bool Anonymous { get; init; }

    public IReadOnlyList<BrokerUser> Users { get; init; } = [];

    /// <summary>Certificate for TLS; null = plain TCP.</summary>
    public BrokerTlsSettings? Tls { get; init; }

    /// <summary>Clients that may be connected at once.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>Largest MQTT packet in bytes.</summary>
    public int MaxPacketSize { get; init; } = 1 << 20;

    /// <summary>Written beside anonymous access or plain TCP on an address that other machines can reach.</summary>
    public bool AllowInsecure { get; init; }

    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}

/// <summary>One who may log in to the embedded broker.</summary>
public sealed record BrokerUser(string Name, Secret Password);

/// <summary>The embedded broker's certificate.</summary>
/// <param name="CertificateFile">Absolute path of a PEM certificate (chain).</param>
/// <param name="KeyFile">Absolute path of its PEM private key.</param>
public sealed record BrokerTlsSettings(string CertificateFile, string KeyFile);
