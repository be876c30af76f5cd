namespace Fuzz.Making;

/// <summary>The files of seeds/, which are part of the program.</summary>
internal static class Seeds
{
    public static byte[] Read(string name)
    {
        using var stream = typeof(Seeds).Assembly.GetManifestResourceStream($"Fuzz.seeds.{name}") ?? throw new ArgumentException($"There is no seeds/{name}.", nameof(name));
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
