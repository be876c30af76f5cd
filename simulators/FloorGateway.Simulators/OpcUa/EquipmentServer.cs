using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using Microsoft.Extensions.Logging;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.Simulators.OpcUa;

/// <summary>
/// One OPC UA server that hosts units. Nodes report each change the simulator decides on: a monitored item with sampling
/// interval 0 (or any; nothing is sampled) gets all of them as long as its queue is long enough for one publishing interval.
/// </summary>
public sealed class EquipmentServer : IAsyncDisposable
{
    private readonly SimulatedServer _options;
    private readonly Space _space;
    private readonly string _applicationUri;
    private UaServer? _server;
    private ApplicationCertificate? _certificate;
    private TrustList? _trust;

    /// <param name="options">Name, port and security.</param>
    /// <param name="units">The units it hosts, not yet started.</param>
    /// <param name="sink">Learns which node shows which signal.</param>
    /// <param name="call">Runs a method of a unit.</param>
    /// <param name="time">Source of server timestamps.</param>
    internal EquipmentServer(SimulatedServer options, IReadOnlyList<Unit> units, NodeSink sink, Func<Unit, string, SignalValue[], MethodOutcome> call, TimeProvider time)
    {
        _options = options;
        Units = units;
        _applicationUri = $"urn:localhost:FloorGateway.Simulators:{options.Name}";
        _space = new Space(_applicationUri, time);
        foreach (var unit in units) UnitNodes.Add(_space, unit, sink, call);
    }

    /// <summary>The server's name, for example cas.</summary>
    public string Name => _options.Name;

    /// <summary>The units it hosts.</summary>
    public IReadOnlyList<Unit> Units { get; }

    /// <summary>The address space, for tests that read nodes directly.</summary>
    public Space Space => _space;

    /// <summary>opc.tcp URL with the port that was bound; empty before the start.</summary>
    public string EndpointUrl => _server?.EndpointUrl ?? "";

    /// <summary>The server's certificate, to be trusted by clients; empty before the start.</summary>
    public ReadOnlyMemory<byte> Certificate => _certificate?.Der;

    /// <summary>Whom the server trusts.</summary>
    /// <exception cref="InvalidOperationException">The server has not been started.</exception>
    public TrustList TrustList => _trust ?? throw new InvalidOperationException($"{Name} has not been started.");

    internal async Task StartAsync(string folder, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        _trust = new TrustList(Path.Combine(folder, Name, "pki"));
        _certificate = ApplicationCertificate.LoadOrCreate(
            _trust.OwnFolder,
            new() { ApplicationName = $"FloorGateway.Simulators.{Name}", ApplicationUri = _applicationUri, Hosts = ["localhost", "127.0.0.1"] },
            time);
        var users = new UserTable();
        foreach (var user in _options.Users) users.Add(user.Name, user.Password);
        _server = await UaServer.StartAsync(
            new()
            {
                ApplicationName = $"FloorGateway.Simulators.{Name}",
                ApplicationUri = _applicationUri,
                Port = _options.Port,
                Security =
                [
                    .. _options.AllowInsecure ? new[] { EndpointSecurity.None } : [],
                    new(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign),
                    EndpointSecurity.Basic256Sha256SignAndEncrypt,
                ],
                Certificate = _certificate,
                CertificateValidator = new(_trust, new() { AutoAcceptUntrusted = _options.AcceptAnyClient }, time),
                AllowAnonymous = _options.AllowAnonymous,
                AnonymousMayWrite = _options.AllowAnonymous,
                Users = _options.Users.Count > 0 ? users : null,
                LoggerFactory = loggers,
            },
            _space,
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is { } server) await server.DisposeAsync();
        _certificate?.Dispose();
    }
}
