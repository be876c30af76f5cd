using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Security;

namespace FloorGateway.OpcUa.Client;

/// <summary>Who the client is to the server's users (OPC 10000-4, 7.41).</summary>
public abstract record UserIdentity
{
    private UserIdentity()
    {
    }

    public static UserIdentity Anonymous { get; } = new AnonymousUser();

    public static UserIdentity UserName(string name, string password) => new NamedUser(name, password);

    /// <summary>A user who proves to own the private key of a certificate. Both stay the caller's and must live as long as the options.</summary>
    public static UserIdentity Certificate(X509Certificate2 certificate, RSA privateKey) => new CertificateUser(certificate, privateKey);

    /// <summary>As above from files: the certificate in DER or PEM, its RSA key in PEM without a password.</summary>
    /// <exception cref="InvalidOperationException">A file can't be read, or they do not belong together.</exception>
    public static UserIdentity Certificate(string certificatePath, string keyPath)
    {
        // Not disposed: the key lives as long as whoever logs in with it.
        var pair = ApplicationCertificate.Load(certificatePath, keyPath);
        return new CertificateUser(pair.Certificate, pair.PrivateKey);
    }

    public sealed record AnonymousUser : UserIdentity
    {
        public override string ToString() => "anonymous";
    }

    /// <summary>A user with a password. Its text form leaves the password out.</summary>
    public sealed record NamedUser(string Name, string Password) : UserIdentity
    {
        public override string ToString() => $"user '{Name}'";
    }

    /// <summary>A user with a certificate (OPC 10000-4, 7.41.4).</summary>
    public sealed record CertificateUser(X509Certificate2 UserCertificate, RSA PrivateKey) : UserIdentity
    {
        public override string ToString() => $"the user certificate '{UserCertificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)}' [{UserCertificate.Thumbprint}]";
    }
}
