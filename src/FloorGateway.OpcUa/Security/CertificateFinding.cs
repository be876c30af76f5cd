using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Security;

/// <summary>One thing that is wrong with a certificate: the code of Part 4, 6.1.3 and one plain sentence with what to do.</summary>
public sealed record CertificateFinding(StatusCode Status, string Sentence)
{
    public override string ToString() => Sentence;
}
