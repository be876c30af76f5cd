namespace FloorGateway.Simulators.Engine;

/// <summary>A method of a unit; it runs at the unit's present process time and answers at once.</summary>
/// <param name="Name">Name, also of the OPC UA node.</param>
/// <param name="Inputs">Arguments in order.</param>
/// <param name="Run">Checks the preconditions and acts; argument count and types have been checked.</param>
/// <param name="Description">What it does, when it is taken and where the outcome is read back, for people who browse.</param>
public sealed record UnitMethod(string Name, IReadOnlyList<MethodArgument> Inputs, Func<SignalValue[], MethodOutcome> Run, string Description = "");

/// <summary>One input argument of a method.</summary>
public sealed record MethodArgument(string Name, SignalType Type, string Description = "");
