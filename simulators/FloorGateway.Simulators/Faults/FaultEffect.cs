using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Faults;

/// <summary>What an order does to the plant. Begin and end run as events of the unit, so in its process time.</summary>
internal abstract class FaultEffect
{
    public abstract void Begin();

    public abstract void End();
}

/// <summary>All that an effect may want to know.</summary>
internal sealed record FaultSetting(FaultBench Bench, Unit Unit, IReadOnlyList<Signal> Signals, string Param, RandomStream Random, IFaultyServer? Server)
{
    /// <summary>The parameter as a number; the order was checked.</summary>
    public double Number => double.Parse(Param, NumberStyles.Float, CultureInfo.InvariantCulture);
}

/// <summary>A fault of the machine: something is set, and set back.</summary>
internal sealed class UnitFault(Action begin, Action end) : FaultEffect
{
    public override void Begin() => begin();

    public override void End() => end();
}

/// <summary>What faults do to a server.</summary>
internal interface IFaultyServer
{
    string Name { get; }

    IReadOnlyList<Unit> Units { get; }

    /// <summary>Drops all connections and refuses new ones, or lets them in again.</summary>
    void CutOff(bool cut);

    /// <summary>The server ends as in a restart: sessions, subscriptions and what waits in them are gone.</summary>
    void GoDown();

    /// <summary>The server is there again, with other namespace indexes than before.</summary>
    void ComeBack();

    /// <summary>Declares a signal's unit of measure as this text; null declares it properly again.</summary>
    void Relabel(Signal signal, string? text);

    /// <summary>Shows the faults that are active.</summary>
    void Show(string[] faults);
}
