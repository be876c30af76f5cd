using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Companion;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Faults;
using FloorGateway.Simulators.PackMl;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.Simulators.OpcUa;

/// <summary>
/// One OPC UA server that hosts units. Nodes report each change the simulator decides on: a monitored item with sampling
/// interval 0 (or any; nothing is sampled) gets all of them as long as its queue is long enough for one publishing interval.
/// </summary>
public sealed partial class EquipmentServer : IAsyncDisposable
{
    private readonly SimulatedServer _options;
    private readonly NodeSink _sink;
    private readonly Func<Unit, string, SignalValue[], MethodOutcome> _call;
    private readonly Func<FaultOrder, IReadOnlyList<FaultProblem>> _inject;
    private readonly Func<string, int> _clearFaults;
    private readonly TimeProvider _time;
    private Space _space;
    private readonly string _applicationUri;
    private UaServer? _server;
    private UserTable? _users;
    private ILoggerFactory _loggers = NullLoggerFactory.Instance;
    private ApplicationCertificate? _certificate;
    private TrustList? _trust;

    /// <param name="options">Name, port and security.</param>
    /// <param name="units">The units it hosts, not yet started.</param>
    /// <param name="sink">Learns which node shows which signal.</param>
    /// <param name="call">Runs a method of a unit.</param>
    /// <param name="inject">Injects a fault.</param>
    /// <param name="clearFaults">Ends the faults of a unit.</param>
    /// <param name="time">Source of server timestamps.</param>
    internal EquipmentServer(
        SimulatedServer options,
        IReadOnlyList<Unit> units,
        NodeSink sink,
        Func<Unit, string, SignalValue[], MethodOutcome> call,
        Func<FaultOrder, IReadOnlyList<FaultProblem>> inject,
        Func<string, int> clearFaults,
        TimeProvider time)
    {
        _options = options;
        Units = units;
        _applicationUri = $"urn:localhost:FloorGateway.Simulators:{options.Name}";
        _sink = sink;
        _call = call;
        _inject = inject;
        _clearFaults = clearFaults;
        _time = time;
        _space = NewSpace();
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

    // Also after a restart, then with more namespaces before those of the equipment, so that every index is another.
    private Space NewSpace()
    {
        var space = new Space(_applicationUri, _time);
        for (var i = 1; i <= _restarts; i++) space.AddNamespace($"http://jsev.example/UA/Restart/{i}/");
        foreach (var published in Units.Select(unit => UnitNodes.Add(space, unit, _sink, _call)).ToArray())
        {
            UnitCompanions.Add(published);
            if (published.Unit is EquipmentUnit machine) AlarmNodes.Add(published, machine, _options.AlarmConditions);
        }

        _faultNode = SimControlNodes.Add(space, _inject, _clearFaults);
        return space;
    }

    internal async Task StartAsync(string folder, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        _loggers = loggers;
        _trust = new TrustList(Path.Combine(folder, Name, "pki"));
        _certificate = ApplicationCertificate.LoadOrCreate(
            _trust.OwnFolder,
            new() { ApplicationName = $"FloorGateway.Simulators.{Name}", ApplicationUri = _applicationUri, Hosts = ["localhost", "127.0.0.1"] },
            time);
        var users = new UserTable();
        foreach (var user in _options.Users) users.Add(user.Name, user.Password);
        _users = _options.Users.Count > 0 ? users : null;
        _server = await ListenAsync(_options.Port, cancellationToken);
    }

    private Task<UaServer> ListenAsync(int port, CancellationToken cancellationToken) =>
        UaServer.StartAsync(
            new()
            {
                ApplicationName = $"FloorGateway.Simulators.{Name}",
                ApplicationUri = _applicationUri,
                Port = port,
                Security =
                [
                    .. _options.AllowInsecure ? new[] { EndpointSecurity.None } : [],
                    new(SecurityPolicy.Basic256Sha256, MessageSecurityMode.Sign),
                    EndpointSecurity.Basic256Sha256SignAndEncrypt,
                ],
                Certificate = _certificate!,
                CertificateValidator = new(_trust!, new() { AutoAcceptUntrusted = _options.AcceptAnyClient }, _time),
                AllowAnonymous = _options.AllowAnonymous,
                AnonymousMayWrite = _options.AllowAnonymous,
                Users = _users,
                LoggerFactory = _loggers,
            },
            _space,
            cancellationToken);

    /// <summary>Cuts the connections of all clients; the server goes on listening, so they come back at once.</summary>
    public void DropConnections() => _server?.DropConnections();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _transition.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_server is { } server) await server.DisposeAsync();
        _certificate?.Dispose();
    }
}
