namespace FloorGateway.OpcUa.Client;

/// <summary>Who the client is to the server's users (OPC 10000-4, 7.41).</summary>
public abstract record UserIdentity
{
    private UserIdentity()
    {
    }

    public static UserIdentity Anonymous { get; } = new AnonymousUser();

    public static UserIdentity UserName(string name, string password) => new NamedUser(name, password);

    public sealed record AnonymousUser : UserIdentity
    {
        public override string ToString() => "anonymous";
    }

    /// <summary>A user with a password. Its text form leaves the password out.</summary>
    public sealed record NamedUser(string Name, string Password) : UserIdentity
    {
        public override string ToString() => $"user '{Name}'";
    }
}
