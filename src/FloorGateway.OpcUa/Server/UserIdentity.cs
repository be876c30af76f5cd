namespace FloorGateway.OpcUa.Server;

/// <summary>A user the server knows, with what it may do.</summary>
/// <param name="Name">Null for anonymous.</param>
/// <param name="MayWrite">May write variables that are writable.</param>
/// <param name="MayCall">May call methods.</param>
public sealed record UserIdentity(string? Name, bool MayWrite, bool MayCall);

/// <summary>Checks user names and passwords.</summary>
public interface IUserValidator
{
    /// <summary>The user, or null when name or password is wrong. Take the same time for both.</summary>
    UserIdentity? Validate(string userName, string password);
}
