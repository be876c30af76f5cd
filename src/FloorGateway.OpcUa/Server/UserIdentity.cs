using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.AddressSpace;

namespace FloorGateway.OpcUa.Server;

/// <summary>A user the server knows, with what it may do.</summary>
/// <param name="Name">Null for anonymous.</param>
/// <param name="MayWrite">May write variables that are writable.</param>
/// <param name="MayCall">May call methods.</param>
public sealed record UserIdentity(string? Name, bool MayWrite, bool MayCall)
{
    /// <summary>
    /// Decides on nodes that have role permissions (OPC 10000-3, 4.9); the two flags decide on all others. Every user has the role Anonymous, and
    /// whoever has a name AuthenticatedUser too.
    /// </summary>
    public UserRoles Roles
    {
        get => field | UserRoles.Anonymous | (Name is null ? UserRoles.None : UserRoles.AuthenticatedUser);
        init;
    }
}

/// <summary>Checks who a user is.</summary>
public interface IUserValidator
{
    /// <summary>The user, or null when name or password is wrong. Take the same time for both.</summary>
    UserIdentity? Validate(string userName, string password);

    /// <summary>
    /// The user whom a certificate stands for, or null when it stands for nobody. Called after <see cref="UaServerOptions.UserCertificates"/>
    /// accepted the certificate and the client proved to own its key. By itself everyone who is trusted there may write and call, under the
    /// certificate's subject.
    /// </summary>
    UserIdentity? Validate(X509Certificate2 certificate) => Trusted(certificate);

    /// <summary>A user who goes by the subject of a trusted certificate, with every right.</summary>
    static UserIdentity Trusted(X509Certificate2 certificate) => new(certificate.Subject, MayWrite: true, MayCall: true) { Roles = UserRoles.Operator | UserRoles.Observer };
}
