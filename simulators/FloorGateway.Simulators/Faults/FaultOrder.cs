namespace FloorGateway.Simulators.Faults;

/// <summary>A fault to be injected. Times are process time, as a script tells them.</summary>
public sealed record FaultOrder
{
    /// <summary>Process time of the begin; what lies in the past begins at once.</summary>
    public TimeSpan At { get; init; }

    /// <summary>Code of the unit, for example DC01. A fault of the whole server takes the server's name too.</summary>
    public required string Unit { get; init; }

    /// <summary>Signal of the unit (<c>Shot.Velocity</c>, <c>TRAY01/Voltage</c>, or the whole path); empty for all of them, or where the fault concerns no signal.</summary>
    public string Signal { get; init; } = "";

    /// <summary>F1 to F11, their names, or the name of a fault of the equipment's own.</summary>
    public required string Fault { get; init; }

    /// <summary>How much, or which; empty takes the fault's standard. Numbers have a decimal point.</summary>
    public string Param { get; init; } = "";

    /// <summary>How long; zero takes the fault's standard, which for most is: until it is cleared.</summary>
    public TimeSpan For { get; init; }
}

/// <summary>Something wrong with an order.</summary>
/// <param name="Field">The order's member that has to change.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to write instead.</param>
public sealed record FaultProblem(string Field, string Message, string Remedy)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Message}; {Remedy}";
}

/// <summary>A fault that has begun and not yet ended.</summary>
/// <param name="Id">Number of the fault in this run, from 1.</param>
/// <param name="Order">What was ordered.</param>
/// <param name="Code">F1 to F11, or the own fault's name.</param>
/// <param name="Since">Process time of the begin.</param>
/// <param name="Until">Process time of the end; null when it stays until it is cleared.</param>
public sealed record ActiveFault(int Id, FaultOrder Order, string Code, TimeSpan Since, TimeSpan? Until)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Order.Unit}{(Order.Signal.Length > 0 ? "/" + Order.Signal : "")} {Code}{(Order.Param.Length > 0 ? " " + Order.Param : "")}";
}
