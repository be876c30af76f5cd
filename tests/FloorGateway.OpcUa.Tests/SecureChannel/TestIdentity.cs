using FloorGateway.OpcUa.Security;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

/// <summary>A client and a server with certificates and trust lists of their own; keys are made once a process because they are slow to make.</summary>
internal sealed class TestIdentity : IDisposable
{
    private static readonly Lazy<ApplicationCertificate> Client2048 = new(() => Make("TestClient", 2048));
    private static readonly Lazy<ApplicationCertificate> Server2048 = new(() => Make("TestServer", 2048));
    private static readonly Lazy<ApplicationCertificate> Server3072 = new(() => Make("TestServer3072", 3072));
    private static readonly Lazy<ApplicationCertificate> Client4096 = new(() => Make("TestClient4096", 4096));
    private readonly TempDirectory folder = new();

    public TestIdentity(bool mutualTrust = true, bool largeKeys = false)
    {
        Client = largeKeys ? Client4096.Value : Client2048.Value;
        Server = largeKeys ? Server3072.Value : Server2048.Value;
        ClientTrust = new TrustList(folder["client"]);
        ServerTrust = new TrustList(folder["server"]);
        if (mutualTrust)
        {
            ClientTrust.Trust(Server.Certificate);
            ServerTrust.Trust(Client.Certificate);
        }
    }

    public ApplicationCertificate Client { get; }

    public ApplicationCertificate Server { get; }

    public TrustList ClientTrust { get; }

    public TrustList ServerTrust { get; }

    public void Dispose() => folder.Dispose();

    private static ApplicationCertificate Make(string name, int bits) => ApplicationCertificate.CreateSelfSigned(new ApplicationCertificateOptions
    {
        ApplicationName = name,
        ApplicationUri = $"urn:example.org:{name}",
        Hosts = ["localhost", "127.0.0.1"],
        KeyBits = bits,
    });
}
