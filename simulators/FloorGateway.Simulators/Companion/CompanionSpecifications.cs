using FloorGateway.OpcUa.AddressSpace.NodeSets;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.Simulators.Companion;

/// <summary>Namespaces of the companion specifications the simulators follow, and the way to have their types in a server.</summary>
public static class CompanionSpecifications
{
    public const string Di = "http://opcfoundation.org/UA/DI/";
    public const string Machinery = "http://opcfoundation.org/UA/Machinery/";
    public const string MachineryResult = "http://opcfoundation.org/UA/Machinery/Result/";
    public const string ProcessValues = "http://opcfoundation.org/UA/Machinery/ProcessValues/";
    public const string PackMl = "http://opcfoundation.org/UA/PackML/";
    public const string Isa95 = "http://www.OPCFoundation.org/UA/2013/01/ISA95";
    public const string Joining = "http://opcfoundation.org/UA/IJT/Base/";
    public const string Robotics = "http://opcfoundation.org/UA/Robotics/";
    public const string MachineVision = "http://opcfoundation.org/UA/MachineVision";
    public const string AutoId = "http://opcfoundation.org/UA/AutoID/";
    public const string LaserSystems = "http://opcfoundation.org/UA/LaserSystems/";
    public const string Lads = "http://opcfoundation.org/UA/LADS/";
    public const string Scales = "http://opcfoundation.org/UA/Scales";
    public const string CompressedAir = "http://opcfoundation.org/UA/CAS/";
    public const string TemperatureControl = "http://opcfoundation.org/UA/PlasticsRubber/TCD/";
    public const string PowerEnergy = "http://opcfoundation.org/UA/PNEM/";
    public const string IndustrialAutomation = "http://opcfoundation.org/UA/IA/";

    private static readonly Dictionary<string, string> TableOf = CompanionTable.Names.ToDictionary(n => CompanionTable.Get(n).Uri, StringComparer.Ordinal);

    /// <summary>The namespaces whose types are known here.</summary>
    public static IReadOnlyCollection<string> Uris => TableOf.Keys;

    /// <summary>The server's index of a specification's namespace; its types are there afterwards.</summary>
    internal static ushort IndexOf(this Space space, string uri)
    {
        space.Require(uri);
        for (ushort i = 0; i < space.NamespaceUris.Count; i++)
        {
            if (space.NamespaceUris[i] == uri) return i;
        }

        throw new InvalidOperationException($"{uri} was loaded without a namespace.");
    }

    /// <summary>The id of a type of a specification by its name; it is there afterwards.</summary>
    /// <exception cref="KeyNotFoundException">The table has no such type.</exception>
    internal static NodeId TypeId(this Space space, string uri, string name)
    {
        var index = space.IndexOf(uri);
        return CompanionTable.Get(TableOf[uri]).Types.TryGetValue(name, out var id)
            ? new NodeId(index, id)
            : throw new KeyNotFoundException($"The table {TableOf[uri]}.tsv has no type {name}. Add it with what it needs.");
    }

    /// <summary>Loads the types of a specification with those they build on, unless the address space has them.</summary>
    /// <exception cref="ArgumentException">The specification is not known here.</exception>
    public static void Require(this Space space, string uri)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(uri);
        if (space.Models.Any(m => m.Uri == uri)) return;
        if (!TableOf.TryGetValue(uri, out var name))
            throw new ArgumentException($"The types of {uri} are not known here; known are {string.Join(", ", TableOf.Keys)}. Add a table to Companion/Tables.", nameof(uri));
        var table = CompanionTable.Get(name);
        foreach (var used in table.Uses) space.Require(CompanionTable.Get(used).Uri);
        using var stream = new MemoryStream(table.NodeSet.ToArray(), writable: false);
        space.LoadNodeSet(stream, name + ".tsv");
    }
}
