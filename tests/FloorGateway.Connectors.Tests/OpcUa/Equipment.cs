using System.Diagnostics.CodeAnalysis;
using FloorGateway.Connectors.OpcUa;
using FloorGateway.Model.Tags;
using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.Connectors.Tests.OpcUa;

/// <summary>A server of this library on loopback whose variables a test moves, and connectors to it.</summary>
internal sealed class Equipment(TimeProvider? clock = null) : IAsyncDisposable
{
    private const string Uri = "urn:example.org:Equipment";
    private readonly ApplicationCertificate certificate = ApplicationCertificate.CreateSelfSigned(
        new ApplicationCertificateOptions { ApplicationName = "Equipment", ApplicationUri = Uri, Hosts = ["localhost", "127.0.0.1"] });

    private readonly TempDirectory folder = new();
    private readonly List<TagDefinition> tags = [];
    private readonly List<OpcUaTag> bound = [];
    private UaServer? server;

    /// <summary>Where connectors keep their subscriptions; null = they don't.</summary>
    public string? TakeoverFile { get; set; }

    /// <summary>A path in a folder that goes with the equipment.</summary>
    public string this[string name] => folder[name];

    public UaServer Server => server!;

    public Space Space { get; } = new(Uri, clock ?? TimeProvider.System);

    /// <summary>Adds a variable and a tag for it; the tag's id is the number of those before.</summary>
    public VariableNode Add(string name, BuiltInType type, Variant value, int queue = 100, int sampling = 0)
    {
        var variable = Space.Objects.AddVariable(name, type, value: value);
        bound.Add(new OpcUaTag(tags.Count, $"nsu={Uri};{variable.Id.ToString()[(variable.Id.ToString().IndexOf(';', StringComparison.Ordinal) + 1)..]}")
        {
            QueueSize = queue,
            Sampling = TimeSpan.FromMilliseconds(sampling),
        });
        tags.Add(new TagDefinition { Id = tags.Count, Path = $"LXE/X/{name}", Server = "eq", EquipmentType = "T", UnitPath = "LXE/X", Signal = name });
        return variable;
    }

    public async Task StartAsync() => server = await UaServer.StartAsync(
        new UaServerOptions
        {
            ApplicationName = "Equipment",
            ApplicationUri = Uri,
            Certificate = certificate,
            CertificateValidator = new CertificateValidator(new TrustList(folder["trust"])),
            Security = [EndpointSecurity.None],
            Port = 0,
            HostName = "127.0.0.1",
        },
        Space);

    public OpcUaConnector Connect(ScriptedSink sink, Func<SubscriptionSettings, SubscriptionSettings>? change = null, TimeProvider? time = null)
    {
        var settings = new SubscriptionSettings
        {
            PublishingInterval = TimeSpan.FromMilliseconds(50),
            Backoff = new BackoffOptions { First = TimeSpan.FromMilliseconds(10), Max = TimeSpan.FromMilliseconds(50) },
        };
        return new OpcUaConnector(
            new OpcUaConnectorOptions
            {
                Server = "eq",
                Client = new UaClientOptions { EndpointUrl = server!.EndpointUrl, SecurityPolicy = SecurityPolicy.None, SecurityMode = MessageSecurityMode.None },
                Subscription = change?.Invoke(settings) ?? settings,
                Tags = bound,
                TakeoverFile = TakeoverFile,
            },
            sink,
            new Tags(tags),
            time ?? TimeProvider.System,
            NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        certificate.Dispose();
        folder.Dispose();
    }

    private sealed class Tags(List<TagDefinition> tags) : ITagCatalog
    {
        public int Count => tags.Count;

        public TagDefinition this[int id] => tags[id];

        public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag) => (tag = tags.Find(t => t.Path == path)) is not null;
    }
}
