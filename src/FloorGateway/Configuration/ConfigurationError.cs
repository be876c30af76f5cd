namespace FloorGateway.Configuration;

/// <summary>One thing wrong in the configuration.</summary>
/// <param name="At">Where.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">How to mend it.</param>
/// <param name="IsWarning">The gateway would run with it, though hardly as meant.</param>
public sealed record ConfigurationError(SourcePosition At, string Message, string Remedy, bool IsWarning = false)
{
    /// <summary><c>file:line:column: what is wrong; how to mend it</c>.</summary>
    public override string ToString() => $"{At}: {(IsWarning ? "warning: " : "")}{Message}; {Remedy}";
}
