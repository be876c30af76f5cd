using System.Security.Cryptography;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace Interop.Tests.OpcUa.Matrix;

/// <summary>The rows that each operation of the matrix is run with: seven securities, each with every kind of user.</summary>
internal static class MatrixRows
{
    public const string Anonymous = "anonymous";
    public const string UserName = "user name";
    public const string X509 = "X.509";
    public const string Name = "anna";
    public const string Password = "s3cret-压铸";

    private static readonly SecurityPolicy[] Policies = [SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes128Sha256RsaOaep, SecurityPolicy.Aes256Sha256RsaPss];

    /// <summary>None, and each policy with Sign and with SignAndEncrypt.</summary>
    public static IReadOnlyList<(SecurityPolicy Policy, MessageSecurityMode Mode)> Securities { get; } =
    [
        (SecurityPolicy.None, MessageSecurityMode.None),
        .. from policy in Policies from mode in (MessageSecurityMode[])[MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt] select (policy, mode),
    ];

    public static IReadOnlyList<string> Users { get; } = [Anonymous, UserName, X509];

    /// <summary>The certificate that <see cref="X509"/> logs in with; both servers are told to trust it.</summary>
    public static ApplicationCertificate UserCertificate { get; } = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "matrix user", ApplicationUri = "urn:localhost:matrix:user" });

    public static TheoryData<string, string> All
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (policy, mode) in Securities)
            {
                foreach (var user in Users)
                    rows.Add($"{policy.Name}/{mode}", user);
            }

            return rows;
        }
    }

    /// <summary>Of the events raised in each row.</summary>
    public static IReadOnlyList<ushort> Severities { get; } = [100, 500, 499, 1000, 1, 700, 501];

    /// <summary>Those from 500 on, which the rows' filter lets pass.</summary>
    public static IReadOnlyList<ushort> Passing { get; } = [.. Severities.Where(s => s >= 500)];

    /// <summary>Many chunks' worth of bytes; the peers make the same.</summary>
    public static byte[] Big { get; } = [.. Enumerable.Range(0, 200_000).Select(i => (byte)((i * 7) + (i >> 8)))];

    public static (SecurityPolicy Policy, MessageSecurityMode Mode) Security(string row) => Securities.Single(s => $"{s.Policy.Name}/{s.Mode}" == row);

    public static UserIdentity User(string row) => row switch
    {
        UserName => UserIdentity.UserName(Name, Password),
        X509 => UserIdentity.Certificate(UserCertificate.Certificate, UserCertificate.PrivateKey),
        _ => UserIdentity.Anonymous,
    };

    /// <summary>Who the server must have seen: certificates by their thumbprint.</summary>
    public static string SeenAs(string user) => user switch
    {
        UserName => Name,
        X509 => UserCertificate.Certificate.Thumbprint,
        _ => Anonymous,
    };

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>As node-opcua writes it.</summary>
    public static string Text(NodeId id) => $"ns={id.NamespaceIndex};" + id switch
    {
        { IdType: NodeIdType.Guid } => $"g={((Guid)id.Identifier!).ToString().ToUpperInvariant()}",
        { NamespaceIndex: 0 } => id.ToString(),
        _ => id.ToString()[(id.ToString().IndexOf(';', StringComparison.Ordinal) + 1)..],
    };
}
