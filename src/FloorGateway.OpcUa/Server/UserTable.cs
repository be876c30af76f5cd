using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.AddressSpace;

namespace FloorGateway.OpcUa.Server;

/// <summary>A fixed list of users, for simulators and tests. Passwords are kept as salted hashes.</summary>
public sealed class UserTable : IUserValidator
{
    private const int Iterations = 10_000;
    private readonly Dictionary<string, (byte[] Salt, byte[] Hash, UserIdentity User)> users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UserIdentity> certificates = new(StringComparer.OrdinalIgnoreCase);
    private readonly (byte[] Salt, byte[] Hash) nobody = Protect("");

    /// <summary>Adds a user who may write and call, unless told otherwise.</summary>
    /// <param name="name">The user's name.</param>
    /// <param name="password">The password.</param>
    /// <param name="mayWrite">May write variables without role permissions.</param>
    /// <param name="mayCall">May call methods without role permissions.</param>
    /// <param name="roles">For nodes with role permissions; Operator for those who may write, Observer for the others when null.</param>
    public UserTable Add(string name, string password, bool mayWrite = true, bool mayCall = true, UserRoles? roles = null)
    {
        var (salt, hash) = Protect(password);
        users[name] = (salt, hash, new UserIdentity(name, mayWrite, mayCall) { Roles = roles ?? UsualRoles(mayWrite) });
        return this;
    }

    /// <summary>Names a user's certificate; with it, certificates that are trusted but not named here stand for nobody.</summary>
    public UserTable Add(X509Certificate2 certificate, string name, bool mayWrite = true, bool mayCall = true, UserRoles? roles = null)
    {
        certificates[certificate.Thumbprint] = new UserIdentity(name, mayWrite, mayCall) { Roles = roles ?? UsualRoles(mayWrite) };
        return this;
    }

    public UserIdentity? Validate(X509Certificate2 certificate) =>
        certificates.Count == 0 ? IUserValidator.Trusted(certificate) : certificates.GetValueOrDefault(certificate.Thumbprint);

    public UserIdentity? Validate(string userName, string password)
    {
        // An unknown name costs the same work as a wrong password, so the answer's time tells nothing.
        var known = users.TryGetValue(userName, out var entry);
        var (salt, expected) = known ? (entry.Salt, entry.Hash) : nobody;
        var actual = Hash(password, salt);
        return CryptographicOperations.FixedTimeEquals(actual, expected) && known ? entry.User : null;
    }

    private static UserRoles UsualRoles(bool mayWrite) => mayWrite ? UserRoles.Operator | UserRoles.Observer : UserRoles.Observer;

    private static (byte[] Salt, byte[] Hash) Protect(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return (salt, Hash(password, salt));
    }

    private static byte[] Hash(string password, byte[] salt) => Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, 32);
}
