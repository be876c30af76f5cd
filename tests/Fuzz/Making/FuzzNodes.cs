namespace Fuzz.Making;

/// <summary>Names of the nodes that the server under test has below its Objects folder, in namespace 2.</summary>
internal static class FuzzNodes
{
    public const string Folder = "Fuzz";

    public static IReadOnlyList<string> Names { get; } =
    [
        Folder, "Fuzz.Double", "Fuzz.Text", "Fuzz.Bytes", "Fuzz.Array", "Fuzz.Matrix", "Fuzz.Texts", "Fuzz.History", "Fuzz.Computed", "Fuzz.Analog", "Fuzz.Anything", "Fuzz.Method", "Fuzz.Wide", "Fuzz.Wide.7", "Fuzz.Alarm", "Fuzz.Limits", "FuzzEventType", "NoSuchNode",
    ];
}
