namespace Fuzz.Running;

/// <summary>An input and what it did.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Case">The number of the case in its target's run.</param>
/// <param name="Input">The bytes.</param>
/// <param name="Text">What went wrong, with the stack where there is one.</param>
internal sealed record Defect(string Target, long Case, byte[] Input, string Text)
{
    /// <summary>Where it was written, if it was.</summary>
    public string? Path { get; init; }
}
