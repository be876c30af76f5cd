namespace FloorGateway.OpcUa.Security;

/// <summary>Whose certificate is checked; decides what it must be good for and how the findings name its owner.</summary>
public enum CertificateRole
{
    /// <summary>A server's application instance certificate.</summary>
    Server,

    /// <summary>A client's application instance certificate.</summary>
    Client,

    /// <summary>An application's, when it is not known which side it is on.</summary>
    Application,

    /// <summary>A user's certificate, which only signs (Part 4, 7.41.4).</summary>
    User,
}
