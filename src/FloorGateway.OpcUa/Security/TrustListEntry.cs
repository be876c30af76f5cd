using System.Security.Cryptography.X509Certificates;

namespace FloorGateway.OpcUa.Security;

/// <summary>Which folder of a <see cref="TrustList"/>.</summary>
public enum TrustPlace
{
    /// <summary><c>own/</c></summary>
    Own,

    /// <summary><c>trusted/</c></summary>
    Trusted,

    /// <summary><c>issuers/</c></summary>
    Issuers,

    /// <summary><c>rejected/</c></summary>
    Rejected,
}

/// <summary>A certificate in a folder of a <see cref="TrustList"/>.</summary>
public sealed record TrustListEntry(TrustPlace Place, string Path, X509Certificate2 Certificate);
