using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>One circuit of the fluid fill: evacuated, held to find leaks, and filled through a valve that half closes over the last 0.3 l (in proportion for others).</summary>
internal sealed class FluidFillCircuit
{
    private const double Atmosphere = 1013, PumpFloor = 2, PumpTau = 4, LastPart = 0.3 / 14;

    private readonly FluidFillRecipe _recipe;
    private readonly Signal<double> _pressure, _amount, _filled, _setPoint, _vacTime, _leakRise, _tankLevel;
    private double _tau = PumpTau, _rise, _wanted, _stop, _flow;

    public FluidFillCircuit(FluidFillRecipe recipe, FluidFillSignals signals)
    {
        _recipe = recipe;
        (_pressure, _amount, _filled, _setPoint) = (signals.Pressure, signals.Amount, signals.Filled, signals.SetPoint);
        (_vacTime, _leakRise, _tankLevel) = (signals.VacTime, signals.LeakRise, signals.TankLevel);
    }

    public string Name => _recipe.Name;

    public bool IsEvacuated => _recipe.IsEvacuated;

    /// <summary>Pressure at the end of the evacuation, mbar.</summary>
    public double EndPressure { get; private set; }

    /// <summary>Rise over the leak hold, mbar.</summary>
    public double LeakRise => _rise;

    /// <summary>Seconds that the fill takes.</summary>
    public double FillSeconds => Time(_stop);

    /// <summary>Deviation of what was filled from what is wanted, as a fraction.</summary>
    public double Deviation => _stop / _wanted - 1;

    public double Tolerance => _recipe.Tolerance;

    /// <summary>Draws what this vehicle's circuit will do.</summary>
    /// <param name="random">The circuit's stream.</param>
    /// <param name="sealLeak">A bad adapter seal slows the pump down, fraction; 0 when sound.</param>
    public void Draw(RandomStream random, double sealLeak)
    {
        _wanted = _setPoint.Value;
        _tau = PumpTau * (1 + sealLeak) * random.Normal(1, 0.02);
        _rise = random.LogNormal(0.1, 0.45) * (1 + 20 * sealLeak);
        _flow = _recipe.Flow * random.Normal(1, 0.005) / 60;
        // Trapped air lets the circuit seem full too early.
        var air = random.Chance(0.0007) ? random.Uniform(0.025, 0.06) : 0;
        _stop = _wanted * (random.Normal(1, _recipe.Sigma) - air);
    }

    /// <summary>Pressure after so many seconds of pumping.</summary>
    public void Evacuate(double seconds) =>
        _pressure.Set(PumpFloor + (Atmosphere - PumpFloor) * DeterministicMath.Exp(-seconds / _tau));

    public void EndEvacuation(double seconds, double limit)
    {
        EndPressure = PumpFloor + (Atmosphere - PumpFloor) * DeterministicMath.Exp(-seconds / _tau);
        _pressure.Set(EndPressure);
        _vacTime.Set(_tau * DeterministicMath.Log((Atmosphere - PumpFloor) / (limit - PumpFloor)));
    }

    /// <summary>Pressure after a fraction of the leak hold.</summary>
    public void Hold(double fraction) => _pressure.Set(EndPressure + _rise * Math.Min(1, fraction));

    public void EndHold() => _leakRise.Set(_rise);

    /// <summary>Amount after so many seconds of filling; the fluid brings the circuit back to atmosphere.</summary>
    public void Fill(double seconds)
    {
        var amount = Math.Min(_stop, Amount(seconds));
        _amount.Set(amount);
        _pressure.Set(IsEvacuated ? EndPressure + (Atmosphere - EndPressure) * amount / _stop : Atmosphere);
    }

    public void EndFill()
    {
        _amount.Set(_stop);
        _filled.Set(_stop);
        _pressure.Set(Atmosphere);
        // The ring main tops the tank up when it falls below a third.
        var level = _tankLevel.Value - 100 * _stop / _recipe.TankSize;
        _tankLevel.Set(level < 33 ? 95 : level);
    }

    public void ToRest()
    {
        _pressure.Set(Atmosphere);
        _amount.Set(0);
    }

    // Full flow to the last part of the wanted amount; there the flow falls with the amount, to one half at the end.
    private double FullFlowAmount => _wanted * (1 - LastPart);

    private double Time(double amount)
    {
        if (amount <= FullFlowAmount) return amount / _flow;
        var last = _wanted * LastPart;
        return FullFlowAmount / _flow - 2 * last / _flow * DeterministicMath.Log(1 - (amount - FullFlowAmount) / (2 * last));
    }

    private double Amount(double seconds)
    {
        var full = FullFlowAmount / _flow;
        if (seconds <= full) return _flow * seconds;
        var last = _wanted * LastPart;
        return FullFlowAmount + 2 * last * (1 - DeterministicMath.Exp(-(seconds - full) * _flow / (2 * last)));
    }
}

/// <summary>What a circuit takes.</summary>
/// <param name="Name">Coolant, Brake, Refrigerant or Washer.</param>
/// <param name="Unit">LTR, or KGM for the refrigerant.</param>
/// <param name="Amount">Wanted amount.</param>
/// <param name="Flow">Amount a minute.</param>
/// <param name="Tolerance">Permitted deviation as a fraction.</param>
/// <param name="Sigma">Scatter of the dosing as a fraction.</param>
/// <param name="TankSize">Content of the station's tank.</param>
/// <param name="IsEvacuated">False for the washer bottle, which is open.</param>
internal sealed record FluidFillRecipe(string Name, string Unit, double Amount, double Flow, double Tolerance, double Sigma, double TankSize, bool IsEvacuated);

/// <summary>The signals of a circuit.</summary>
internal sealed record FluidFillSignals(
    Signal<double> Pressure,
    Signal<double> Amount,
    Signal<double> Filled,
    Signal<double> SetPoint,
    Signal<double> VacTime,
    Signal<double> LeakRise,
    Signal<double> TankLevel);
