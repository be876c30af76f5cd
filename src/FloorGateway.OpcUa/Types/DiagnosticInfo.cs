namespace FloorGateway.OpcUa.Types;

/// <summary>Vendor details of a failure; indexes point into the response's string table, -1 = absent (OPC 10000-4, 7.12).</summary>
public sealed record DiagnosticInfo
{
    public int SymbolicId { get; init; } = -1;

    public int NamespaceUri { get; init; } = -1;

    public int Locale { get; init; } = -1;

    public int LocalizedText { get; init; } = -1;

    public string? AdditionalInfo { get; init; }

    public StatusCode InnerStatusCode { get; init; }

    public DiagnosticInfo? InnerDiagnosticInfo { get; init; }

    internal bool IsEmpty =>
        SymbolicId < 0 && NamespaceUri < 0 && Locale < 0 && LocalizedText < 0 && AdditionalInfo is null && InnerStatusCode.Value == 0 && InnerDiagnosticInfo is null;
}
