using FloorGateway.Configuration;

namespace FloorGateway.Cli;

/// <summary><c>floorgateway browse</c>.</summary>
public sealed record BrowseOptions
{
    /// <summary>Endpoint, <c>opc.tcp://host:port[/path]</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>Where the configuration goes; null = standard output.</summary>
    public string? OutputFile { get; init; }

    public SecurityPolicyChoice Policy { get; init; } = SecurityPolicyChoice.Basic256Sha256;

    public SecurityModeChoice Mode { get; init; } = SecurityModeChoice.SignAndEncrypt;

    /// <summary>Null = anonymous.</summary>
    public string? User { get; init; }

    /// <summary>Environment variable that holds the user's password.</summary>
    public string? PasswordEnv { get; init; }

    /// <summary>The password itself, read from that variable.</summary>
    public Secret? Password { get; init; }

    /// <summary>NodeId text below which to browse; null = the Objects folder.</summary>
    public string? Under { get; init; }

    /// <summary>Variables after which browsing stops.</summary>
    public int Max { get; init; } = 10_000;

    /// <summary>Data folder of the configuration that is written; its certificate store is used for browsing too.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>Folder of the certificate store.</summary>
    public string PkiFolder => Path.Combine(DataFolder, "pki");

    /// <summary>Port of the pages in the configuration that is written.</summary>
    public int HttpPort { get; init; } = 8080;

    /// <summary>Trusts the certificate that the server shows.</summary>
    public bool AutoAccept { get; init; }

    /// <summary>What keeps these options from going together; null = nothing.</summary>
    public string? Problem() => this switch
    {
        { Policy: SecurityPolicyChoice.None, Mode: not SecurityModeChoice.None } => "Policy None knows no signature and no encryption; leave --mode out.",
        { Policy: not SecurityPolicyChoice.None, Mode: SecurityModeChoice.None } => "Mode None goes with --policy None only.",
        { Policy: SecurityPolicyChoice.Basic128Rsa15 or SecurityPolicyChoice.Basic256 } => $"{Policy} rests on SHA-1 and is broken; browse with another policy, and where the server has nothing better write it into the configuration with allowDeprecated: true.",
        { PasswordEnv: not null, User: null } => "--password-env needs --user.",
        { PasswordEnv: not null, Password: null } => $"Environment variable {PasswordEnv} is not set; export it before.",
        { Max: < 1 } => "--max must be at least 1.",
        _ => null,
    };
}
