using System.Text;
using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Sections;

/// <summary>Reads one entry of <c>servers</c>.</summary>
internal static class ServerSection
{
    public static readonly Section Server = new(
        "server", "url", "security", "user", "publishingInterval", "samplingInterval", "queueSize", "timestamps", "sessionTimeout", "keepAlive", "requestTimeout", "reconnectMin",
        "reconnectMax", "redundant", "limits", "textEncoding", "checkUnits", "decodeStructures", "allowInsecure");

    public static readonly Section Limits = new("server.limits", "itemsPerSubscription", "subscriptions", "itemsPerCall", "publishRequests", "sampling");

    public static readonly Section User = new("user", "name", "passwordEnv", "passwordFile", "certificateFile", "keyFile") { Instead = Section.NoInlineSecret("password") };

    public static readonly Section Security = new("server.security", "policy", "mode", "autoAccept", "checkHostName", "requireRevocationLists", "allowDeprecated");

    public static ServerSettings Read(string name, MapReader reader, LoadingContext context)
    {
        var standard = new ServerSettings { Name = name, Url = "" };
        var (user, userCertificate) = ReadUser(reader, context);
        var day = TimeSpan.FromDays(1);
        var second = TimeSpan.FromSeconds(1);
        return new ServerSettings
        {
            Name = name,
            Url = reader.RequiredText("url", "opc.tcp://192.0.2.10:4840"),
            Security = reader.Map("security", Security) is { } security ? ReadSecurity(security) : new SecuritySettings { Source = reader.Source },
            User = user,
            UserCertificate = userCertificate,
            PublishingInterval = reader.Duration("publishingInterval", standard.PublishingInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            SamplingInterval = reader.Duration("samplingInterval", standard.SamplingInterval, TimeSpan.Zero, day),
            QueueSize = reader.Whole("queueSize", standard.QueueSize, 1, TagSection.MaxQueue),
            Timestamps = reader.ChoiceOrNull<TimestampsChoice>("timestamps") ?? standard.Timestamps,
            SessionTimeout = reader.Duration("sessionTimeout", standard.SessionTimeout, TimeSpan.FromSeconds(10), day),
            KeepAlive = reader.Duration("keepAlive", standard.KeepAlive, second, TimeSpan.FromHours(1)),
            RequestTimeout = reader.Duration("requestTimeout", standard.RequestTimeout, second, TimeSpan.FromMinutes(10)),
            ReconnectMin = reader.Duration("reconnectMin", standard.ReconnectMin, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
            ReconnectMax = reader.Duration("reconnectMax", standard.ReconnectMax, TimeSpan.FromMilliseconds(100), day),
            Redundant = [.. reader.Texts("redundant").Select(url => url.Value)],
            Limits = reader.Map("limits", Limits) is { } limits ? ReadLimits(limits) : new ServerLimitSettings(),
            TextEncoding = ReadEncoding(reader),
            CheckUnits = reader.Flag("checkUnits", true),
            DecodeStructures = reader.Flag("decodeStructures", true),
            AllowInsecure = reader.Flag("allowInsecure"),
            Source = reader.Source,
        };
    }

    private static Encoding? ReadEncoding(MapReader reader)
    {
        if (reader.Text("textEncoding") is not { } name)
            return null;
        try
        {
            // The framework's own table: the process runs without the system's culture data.
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            reader.Errors.Error(reader.Source["textEncoding"], $"unknown encoding '{name}'", "write its IANA name: GB18030 (with GBK and GB2312 in it), Big5, shift_jis, windows-1252, ...");
            return null;
        }
    }

    private static ServerLimitSettings ReadLimits(MapReader reader)
    {
        var standard = new ServerLimitSettings();
        return new ServerLimitSettings
        {
            ItemsPerSubscription = reader.Whole("itemsPerSubscription", standard.ItemsPerSubscription, 0, 1_000_000),
            Subscriptions = reader.Whole("subscriptions", standard.Subscriptions, 0, 10_000),
            ItemsPerCall = reader.Whole("itemsPerCall", standard.ItemsPerCall, 0, 100_000),
            PublishRequests = reader.Whole("publishRequests", standard.PublishRequests, 0, 100),
            Sampling = reader.Duration("sampling", standard.Sampling, TimeSpan.Zero, TimeSpan.FromDays(1)),
        };
    }

    private static (UserSettings? Name, UserCertificateSettings? Certificate) ReadUser(MapReader server, LoadingContext context)
    {
        if (server.Map("user", User) is not { } user)
            return default;
        if (user.Node("certificateFile") is null && user.Node("keyFile") is null)
            return (new UserSettings(user.RequiredText("name", "gateway"), SecretSection.Read(user, "password", context)), null);
        foreach (var other in (string[])["name", "passwordEnv", "passwordFile"])
        {
            if (user.Node(other) is not null)
                context.Errors.Error(user.Source[other], $"'{other}' and a certificate are both given", "a user logs in with a password or with a certificate: keep one of the two");
        }

        user.RequiredText("certificateFile", "secrets/gateway-user.pem");
        user.RequiredText("keyFile", "secrets/gateway-user.key.pem");
        return context.ExistingFile(user, "certificateFile") is { } certificate && context.ExistingFile(user, "keyFile") is { } key
            ? (null, new UserCertificateSettings(certificate, key))
            : default;
    }

    private static SecuritySettings ReadSecurity(MapReader reader)
    {
        // A choice of no policy means no mode, and the other way round; anything else said with it is checked later.
        var policy = reader.ChoiceOrNull<SecurityPolicyChoice>("policy");
        var mode = reader.ChoiceOrNull<SecurityModeChoice>("mode");
        return new SecuritySettings
        {
            Policy = policy ?? (mode == SecurityModeChoice.None ? SecurityPolicyChoice.None : SecurityPolicyChoice.Basic256Sha256),
            Mode = mode ?? (policy == SecurityPolicyChoice.None ? SecurityModeChoice.None : SecurityModeChoice.SignAndEncrypt),
            AutoAccept = reader.Flag("autoAccept"),
            CheckHostName = reader.Flag("checkHostName", true),
            RequireRevocationLists = reader.Flag("requireRevocationLists"),
            AllowDeprecated = reader.Flag("allowDeprecated"),
            Source = reader.Source,
        };
    }
}
