using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Faults;

/// <summary>The faults that can be injected: F1 to F11 into any unit, and those of each equipment type.</summary>
public static class FaultCatalogue
{
    /// <summary>F1 to F11.</summary>
    public static IReadOnlyList<FaultType> Common { get; } =
    [
        new()
        {
            Code = "F1", Name = "stuck", Scope = FaultScope.Signal, Description = "The value stays what it is.",
            Parameter = "the value it sticks at; empty is the present one", Make = s => new StuckFault(s),
        },
        new()
        {
            Code = "F2", Name = "drift", Scope = FaultScope.Signal, Description = "The value runs away from the truth.",
            Parameter = "units an hour of process time", Standard = null, NeedsNumber = true, NeedsSignal = true, Make = s => new DriftFault(s),
        },
        new()
        {
            Code = "F3", Name = "spike", Scope = FaultScope.Signal, Description = "Single samples are off, every five seconds on average.",
            Parameter = "units added", Standard = null, NeedsNumber = true, NeedsSignal = true, Length = TimeSpan.FromSeconds(1), Make = s => new SpikeFault(s),
        },
        new()
        {
            Code = "F4", Name = "status", Scope = FaultScope.Signal, Description = "Values come as Bad or Uncertain.",
            Parameter = "the status code, by name or as 0x and eight digits", Standard = "BadSensorFailure", Words = FaultStatus.Words, Make = s => new StatusFault(s),
        },
        new()
        {
            Code = "F5", Name = "comms-loss", Scope = FaultScope.Server, Description = "The server's connections break, and it refuses new ones. It keeps its sessions.",
            Make = s => new UnitFault(() => s.Server?.CutOff(true), () => s.Server?.CutOff(false)),
        },
        new()
        {
            Code = "F6", Name = "clock-skew", Scope = FaultScope.Signal, Description = "The source times are wrong.",
            Parameter = "seconds, negative for a clock that is slow", Standard = null, Range = (-1e7, 1e7), Make = s => new SkewFault(s),
        },
        new()
        {
            Code = "F7", Name = "slow-server", Scope = FaultScope.Server, Description = "The server publishes late.",
            Parameter = "delay in seconds of the clock, 2 to 30", Standard = "5", Range = (2, 30), Make = s => s.Bench.SlowServer(s),
        },
        new()
        {
            Code = "F8", Name = "forced-nok", Description = "Parts come out not OK.", Make = s => ForcedNok.Of(s.Unit)!,
        },
        new()
        {
            Code = "F9", Name = "jam", Description = "Something is stuck: the machine holds until the fault ends or its operator has freed it.", Make = s => Jam((EquipmentUnit)s.Unit),
        },
        new()
        {
            Code = "F10", Name = "restart", Scope = FaultScope.Server, Description = "The server restarts: what waited in it is lost, and its namespaces have other indexes.",
            Length = TimeSpan.FromSeconds(5), Make = s => new UnitFault(() => s.Server?.GoDown(), () => s.Server?.ComeBack()),
        },
        new()
        {
            Code = "F11", Name = "timestamps", Scope = FaultScope.Signal, Description = "Source times repeat (duplicate), or changes arrive in the wrong order (swapped).",
            Parameter = "duplicate or swapped", Standard = "duplicate", Words = ["duplicate", "swapped"],
            Make = s => s.Param.Equals("swapped", StringComparison.OrdinalIgnoreCase) ? new SwapFault(s) : new DuplicateStampFault(s),
        },
    ];

    /// <summary>All that can be injected into a unit: F1 to F11 as far as they apply, then its own.</summary>
    public static IReadOnlyList<FaultType> Of(Unit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return [.. Common.Where(f => Applies(f, unit)), .. OwnFaults.Of(unit)];
    }

    /// <summary>A fault by code or name; null when the unit has none of that name.</summary>
    public static FaultType? Find(Unit unit, string fault) =>
        Of(unit).FirstOrDefault(f => f.Code.Equals(fault, StringComparison.OrdinalIgnoreCase) || f.Name.Equals(fault, StringComparison.OrdinalIgnoreCase));

    private static bool Applies(FaultType fault, Unit unit) => fault.Code switch
    {
        "F8" => ForcedNok.Of(unit) is not null,
        "F9" => unit is EquipmentUnit,
        _ => true,
    };

    private static UnitFault Jam(EquipmentUnit unit) => new(unit.Jam, unit.FreeJam);
}
