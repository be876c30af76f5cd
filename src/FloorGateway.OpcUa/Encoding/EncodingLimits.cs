namespace FloorGateway.OpcUa.Encoding;

/// <summary>What a decoder accepts. Every limit is checked, along with the bytes that remain, before anything is allocated.</summary>
public sealed record EncodingLimits
{
    public static EncodingLimits Default { get; } = new();

    /// <summary>How texts are read that are not UTF-8, as OPC 10000-6, 5.2.2.4 wants them: some equipment sends its machine's own code page. Null = such a text is an error.</summary>
    public System.Text.Encoding? TextFallback { get; init; }

    /// <summary>Bytes of UTF-8. 4 MiB: larger texts on a plant floor are files, which go through ByteString.</summary>
    public int MaxStringLength { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes. 16 MiB: an image from a vision station fits, a whole message is never larger.</summary>
    public int MaxByteStringLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>Elements. One million: a waveform capture fits.</summary>
    public int MaxArrayLength { get; init; } = 1_000_000;

    /// <summary>
    /// Elements of all arrays of a message together, nested ones too; arrays of plain numbers are left out, as they take in memory
    /// what they take on the wire. Two million: a byte on the wire can become some fifty in memory, so this bounds it at about 100 MB.
    /// </summary>
    public int MaxElements { get; init; } = 2_000_000;

    /// <summary>Levels of Variant, DiagnosticInfo and ExtensionObject within each other. OPC 10000-6, 5.2.2.12 and 5.2.2.16 ask for 100 at least.</summary>
    public int MaxNestingDepth { get; init; } = 100;

    /// <summary>Bytes of a reassembled message. 16 MiB: what common stacks accept by default.</summary>
    public int MaxMessageSize { get; init; } = 16 * 1024 * 1024;
}
