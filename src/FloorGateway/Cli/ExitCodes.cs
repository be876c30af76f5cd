namespace FloorGateway.Cli;

/// <summary>What the program's end says to scripts and service managers.</summary>
public static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>The command line, the configuration, a login or a certificate's trust is wrong: somebody has to mend it before the next try.</summary>
    public const int BadConfiguration = 1;

    /// <summary>The run ended and the sums of the ledger don't close, or the gateway had to stop by itself.</summary>
    public const int RunFailed = 2;

    /// <summary>A port that the gateway should listen on is taken.</summary>
    public const int PortBusy = 3;

    /// <summary>The OPC UA server can't be reached: the next try may work.</summary>
    public const int ServerUnavailable = 4;

    /// <summary>Part of the journal can't be read.</summary>
    public const int JournalDamaged = 5;

    /// <summary>A fault of the program itself (EX_SOFTWARE of sysexits.h).</summary>
    public const int Internal = 70;

    /// <summary>As <c>--help</c> prints them.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Ok, "done; a stop by Ctrl-C or SIGTERM is also 0"),
        (BadConfiguration, "the command line, the configuration, a login or the trust in a certificate is wrong"),
        (RunFailed, "the ledger does not close, or the gateway had to stop"),
        (PortBusy, "a port to listen on is taken"),
        (ServerUnavailable, "the OPC UA server can't be reached"),
        (JournalDamaged, "part of the journal can't be read"),
        (Internal, "a fault of the program"),
    ];
}
