using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Faults;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Simulators.OpcUa;

/// <summary>What goes wrong with the server as a whole. Called under the run's lock; starting and stopping goes on behind it, one after the other.</summary>
public sealed partial class EquipmentServer : IFaultyServer
{
    private VariableNode? _faultNode;
    private Task _transition = Task.CompletedTask;
    private int _restarts, _cuts;
    private bool _isDown;

    /// <summary>Ends when the server is up or down as the faults want it.</summary>
    internal Task Settled => _transition;

    void IFaultyServer.CutOff(bool cut)
    {
        _cuts += cut ? 1 : -1;
        if (_server is { } server) server.IsCutOff = _cuts > 0;
    }

    void IFaultyServer.GoDown()
    {
        if (_isDown || _server is null) return;
        _isDown = true;
        _transition = StopServerAsync(_transition);
    }

    void IFaultyServer.ComeBack()
    {
        if (!_isDown || _server is null) return;
        _isDown = false;
        _restarts++;
        _space = NewSpace();
        _transition = RestartAsync(_transition, _server.Port);
    }

    void IFaultyServer.Relabel(Signal signal, string? text)
    {
        if (_sink.NodeOf(signal) is not { } node) return;
        foreach (var reference in node.References)
        {
            if (reference is not { IsInverse: false, Target: VariableNode { BrowseName.Name: "EngineeringUnits" } property }) continue;
            var unit = EngineeringUnits.FromCode(signal.Traits.Unit!);
            property.SetValue(Variant.From(text is null ? unit : new EUInformation { UnitId = -1, DisplayName = new LocalizedText(text), NamespaceUri = signal.Unit.NamespaceUri }));
        }
    }

    void IFaultyServer.Show(string[] faults) => _faultNode?.SetValue(Variant.From(faults));

    private async Task StopServerAsync(Task before)
    {
        // Off the run's lock, whatever is done already.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        // The one of this moment: a restart may just have made another.
        if (_server is { } server) await server.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RestartAsync(Task before, int port)
    {
        // Off the run's lock, whatever is done already.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        try
        {
            var server = await ListenAsync(port, CancellationToken.None).ConfigureAwait(false);
            _server = server;
            server.IsCutOff = _cuts > 0;
        }
        catch (IOException error)
        {
            _loggers.CreateLogger<EquipmentServer>().RestartFailed(error, Name, port);
        }
    }
}
