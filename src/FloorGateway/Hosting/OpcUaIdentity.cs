using System.Net;
using FloorGateway.OpcUa.Security;

namespace FloorGateway.Hosting;

/// <summary>This gateway's certificate and whom it trusts: one folder for every server and every verb.</summary>
internal sealed class OpcUaIdentity(string pkiFolder, ILoggerFactory? loggers = null) : IDisposable
{
    private const string Name = "floorgateway";

    public TrustList TrustList { get; } = new(pkiFolder);

    public OwnCertificate Certificate { get; } = OwnCertificate.Open(
        Path.Combine(pkiFolder, "own"),
        new ApplicationCertificateOptions
        {
            ApplicationName = Name,
            ApplicationUri = $"urn:{Dns.GetHostName()}:{Name}",
            Hosts = [Dns.GetHostName(), "localhost", "127.0.0.1"],
        },
        loggers: loggers);

    public void Dispose() => Certificate.Dispose();
}
