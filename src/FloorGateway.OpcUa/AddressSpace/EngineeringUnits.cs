using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>Units of measure by their UNECE common code (OPC 10000-8, 5.6.4.3), for the EngineeringUnits property.</summary>
public static class EngineeringUnits
{
    private const string NamespaceUri = "http://www.opcfoundation.org/UA/units/un/cefact";

    private static readonly Lazy<Dictionary<string, string>> Symbols = new(Read);

    /// <summary>The structure for a common code such as <c>MTS</c> (m/s), <c>BAR</c> or <c>CEL</c> (°C).</summary>
    /// <param name="code">The common code, up to four letters and digits. An unknown one is kept as its own symbol.</param>
    public static EUInformation FromCode(string code)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        var symbol = Symbols.Value.GetValueOrDefault(code, code);
        return new EUInformation
        {
            NamespaceUri = NamespaceUri,
            UnitId = IdOf(code),
            DisplayName = new LocalizedText(symbol),
            Description = new LocalizedText(symbol),
        };
    }

    /// <summary>The unit id: the code's characters as the bytes of a number; -1 for codes longer than four.</summary>
    public static int IdOf(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (code.Length > 4)
            return -1;
        var id = 0;
        foreach (var c in code)
            id = (id << 8) | (byte)c;
        return id;
    }

    private static Dictionary<string, string> Read()
    {
        using var stream = typeof(EngineeringUnits).Assembly.GetManifestResourceStream("FloorGateway.OpcUa.AddressSpace.EngineeringUnits.tsv")
            ?? throw new InvalidOperationException("The resource EngineeringUnits.tsv is missing from FloorGateway.OpcUa. Check its EmbeddedResource item in the project file.");
        using var reader = new StreamReader(stream);
        var symbols = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab > 0)
                symbols.TryAdd(line[..tab], line[(tab + 1)..]);
        }

        return symbols;
    }
}
