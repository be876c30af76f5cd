using System.Collections.Concurrent;
using System.Text.Json;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace Interop.Tests.OpcUa.Matrix;

/// <summary>One server of ours with every endpoint, and one node-opcua client with a session for each row, made when it is first asked for.</summary>
public sealed class OurServer : IAsyncLifetime
{
    private const string ApplicationUri = "urn:localhost:matrix";
    private readonly TempDirectory folder = new();
    private readonly ConcurrentDictionary<(string Security, string User), Task<Session>> sessions = [];
    private readonly ApplicationCertificate certificate = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "matrix", ApplicationUri = ApplicationUri });
    private readonly Space space = new(ApplicationUri);
    private readonly ushort index;
    private readonly ObjectNode root;
    private UaServer? server;
    private JsonPeer? peer;
    private int names;
    private uint count;
    private long lastTicks = DateTime.UtcNow.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond;

    public OurServer()
    {
        index = space.AddNamespace("http://matrix.example/UA/");
        root = space.Objects.AddFolder("Matrix", new NodeId(index, "Matrix")).MakeNotifier();
        Add("Fixed.Double", BuiltInType.Double, Variant.From(-2.5), writable: false);
        Add("Fixed.Text", BuiltInType.String, Variant.From("压铸 €𝄞"), writable: false);
        Add("Fixed.Array", BuiltInType.Int32, Variant.From([int.MinValue, 0, int.MaxValue]), writable: false, rank: 1);
        Add("Fixed.Matrix", BuiltInType.Double, Variant.FromMatrix(BuiltInType.Double, new double[] { 1, 2, 3, 4, 5, 6 }, [2, 3]), writable: false, rank: 2);
        Add("Fixed.Big", BuiltInType.ByteString, Variant.From(MatrixRows.Big), writable: false);
        Add("Written.Double", BuiltInType.Double, Variant.From(0.0));
        Add("Written.Text", BuiltInType.String, Variant.From(""));
        Add("Written.Array", BuiltInType.Int32, Variant.From(Array.Empty<int>()), rank: 1);
        Add("Written.Big", BuiltInType.ByteString, Variant.From(Array.Empty<byte>()));
        Add("Counter", BuiltInType.UInt32, Variant.From(0u), writable: false);
        // Without a value at start, which would be part of its history.
        root.AddVariable("History", BuiltInType.Double, nodeId: new NodeId(index, "History")).KeepHistory(5000);
        root.AddMethod(
            "Add",
            (context, inputs) => (StatusCodes.Good, [Variant.From(inputs[0].AsInt32() + inputs[1].AsDouble()), Variant.From(context.UserName ?? MatrixRows.Anonymous)]),
            [new("a", BuiltInType.Int32), new("b", BuiltInType.Double)],
            [new("sum", BuiltInType.Double), new("user", BuiltInType.String)],
            new NodeId(index, "Add"));

        void Add(string name, BuiltInType type, Variant value, bool writable = true, int rank = ValueRanks.Scalar) =>
            root.AddVariable(name, type, value: value, writable: writable, valueRank: rank, nodeId: new NodeId(index, name));
    }

    public VariableNode Variable(string name) => space.Get<VariableNode>(new NodeId(index, name));

    /// <summary>A node's id as node-opcua writes it.</summary>
    public string Node(string name) => $"ns={index};s={name}";

    public async ValueTask InitializeAsync()
    {
        var users = new TrustList(folder["users"]);
        users.Trust(MatrixRows.UserCertificate.Certificate);
        server = await UaServer.StartAsync(
            new()
            {
                ApplicationName = "matrix",
                ApplicationUri = ApplicationUri,
                Port = 0,
                Security = [.. MatrixRows.Securities.Select(s => new EndpointSecurity(s.Policy, s.Mode))],
                Certificate = certificate,
                CertificateValidator = new CertificateValidator(new TrustList(folder["server"]), new() { AutoAcceptUntrusted = true }),
                AnonymousMayWrite = true,
                Users = new UserTable().Add(MatrixRows.Name, MatrixRows.Password).Add(MatrixRows.UserCertificate.Certificate, MatrixRows.SeenAs(MatrixRows.X509)),
                UserCertificates = new CertificateValidator(users),
                Limits = new() { MaxSessions = 200 },
            },
            space);
        peer = await JsonPeer.StartAsync("matrix-client.mjs", "--pki", folder["client"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (peer is not null) await peer.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
        certificate.Dispose();
        folder.Dispose();
    }

    /// <summary>The row's session, which its tests share.</summary>
    public Task<Session> SessionAsync(string security, string user) => sessions.GetOrAdd((security, user), _ => ConnectAsync(security, user));

    /// <summary>A session of the caller's own.</summary>
    public async Task<Session> ConnectAsync(string security, string user)
    {
        var name = $"s{Interlocked.Increment(ref names)}";
        var (policy, mode) = MatrixRows.Security(security);
        var connected = await peer!.AskAsync(
            "connect",
            new { @as = name, url = server!.EndpointUrl, policy = policy.Name, mode = mode.ToString() },
            user switch
            {
                MatrixRows.UserName => new { user = MatrixRows.Name, password = MatrixRows.Password },
                MatrixRows.X509 => new { certificate = Convert.ToHexString(MatrixRows.UserCertificate.Der), key = MatrixRows.UserCertificate.PrivateKey.ExportPkcs8PrivateKeyPem() },
                _ => (object?)null,
            });
        Assert.Equal((policy.Uri, mode.ToString()), (connected.GetProperty("policy").GetString(), connected.GetProperty("mode").GetString()));
        return new Session(peer, name);
    }

    /// <summary>Sets the counter that often, each time one further, and gives its last value.</summary>
    public uint Produce(int times)
    {
        for (var i = 0; i < times; i++)
            Variable("Counter").SetValue(Variant.From(++count));
        return count;
    }

    /// <summary>Values with whole milliseconds, which is all that node-opcua's dates hold.</summary>
    public (double Value, long UnixMs)[] Record(int times)
    {
        var recorded = new (double, long)[times];
        for (var i = 0; i < times; i++)
        {
            lastTicks += TimeSpan.TicksPerMillisecond;
            recorded[i] = (Random.Shared.Next() / 8.0, new DateTimeOffset(lastTicks, TimeSpan.Zero).ToUnixTimeMilliseconds());
            Variable("History").SetValue(Variant.From(recorded[i].Item1), default, lastTicks);
        }

        return recorded;
    }

    /// <summary>Raises an event of Matrix for each severity; its message is the text with the severity.</summary>
    public void Raise(string text, IEnumerable<ushort> severities)
    {
        foreach (var severity in severities)
            root.RaiseEvent(space.EventType(ObjectTypeIds.DeviceFailureEventType), severity, $"{text} {severity}");
    }

    /// <summary>Every node that forward hierarchical references lead to from Root, as node-opcua writes their ids.</summary>
    public HashSet<string> Nodes()
    {
        HashSet<string> seen = [];
        var open = new Queue<Node>([space.Find(ObjectIds.RootFolder)!]);
        while (open.TryDequeue(out var node))
        {
            if (!seen.Add(MatrixRows.Text(node.Id)))
                continue;
            foreach (var reference in node.References)
            {
                if (!reference.IsInverse && reference.Type.IsSubtypeOf(space.Find(ReferenceTypeIds.HierarchicalReferences)!))
                    open.Enqueue(reference.Target);
            }
        }

        return seen;
    }

    /// <summary>A session of the foreign client.</summary>
    public sealed class Session(JsonPeer peer, string name) : IAsyncDisposable
    {
        public Task<JsonElement> AskAsync(string what, object? arguments = null) => peer.AskAsync(what, new { @as = name }, arguments);

        public async ValueTask DisposeAsync() => await AskAsync("disconnect");
    }
}
