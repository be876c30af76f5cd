using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Sections;

/// <summary>Reads <c>broker</c>.</summary>
internal static class BrokerSection
{
    public static readonly Section Broker = new("broker", "bind", "port", "anonymous", "users", "tls", "maxConnections", "maxPacketSize", "allowInsecure");
    public static readonly Section User = new("broker.users", "name", "passwordEnv", "passwordFile") { Instead = Section.NoInlineSecret("password") };
    public static readonly Section Tls = new("broker.tls", "certificateFile", "keyFile");

    public static BrokerSettings Read(MapReader reader, LoadingContext context)
    {
        var standard = new BrokerSettings();
        return new BrokerSettings
        {
            Bind = reader.Text("bind", standard.Bind),
            Port = reader.Whole("port", standard.Port, 0, 65535),
            Anonymous = reader.Flag("anonymous"),
            Users = [.. reader.List("users").Select(node => ReadUser(new MapReader(node, User, context.Errors), context)).OfType<BrokerUser>()],
            Tls = reader.Map("tls", Tls) is { } tls ? ReadTls(tls, context) : null,
            MaxConnections = reader.Whole("maxConnections", standard.MaxConnections, 1, 100_000),
            MaxPacketSize = (int)reader.Size("maxPacketSize", standard.MaxPacketSize, 1 << 10, 256 << 20),
            AllowInsecure = reader.Flag("allowInsecure"),
            Source = reader.Source,
        };
    }

    private static BrokerUser? ReadUser(MapReader reader, LoadingContext context)
    {
        var name = reader.RequiredText("name", "screen");
        if (reader.Node("passwordEnv") is null && reader.Node("passwordFile") is null)
            context.Errors.Error(reader.Source.At, $"user '{name}' has no password", "add passwordEnv: NAME or passwordFile: PATH");
        return SecretSection.Read(reader, "password", context) is { } password ? new BrokerUser(name, password) : null;
    }

    private static BrokerTlsSettings ReadTls(MapReader reader, LoadingContext context)
    {
        foreach (var key in (string[])["certificateFile", "keyFile"])
            reader.RequiredText(key, "broker.pem");
        return new BrokerTlsSettings(context.ExistingFile(reader, "certificateFile") ?? "", context.ExistingFile(reader, "keyFile") ?? "");
    }
}
