using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Generator;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.Types;

public sealed class GeneratedFilesTests
{
    [Fact]
    public void Committed_files_are_what_the_tables_give()
    {
        var folder = RepositoryRoot.Combine("src", "FloorGateway.OpcUa", "Types", "Generated");
        var expected = GeneratedFiles.Create(Tables.Load());

        Assert.Equal(expected.Keys, Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        foreach (var (name, text) in expected)
        {
            var committed = File.ReadAllText(Path.Combine(folder, name)).ReplaceLineEndings("\n");
            Assert.True(committed == text, $"{name} is stale. Run 'dotnet run --project tools/FloorGateway.OpcUa.Generator' from the repository's root.");
        }
    }

    [Fact]
    public void Ids_match_well_known_ones()
    {
        Assert.Equal(85u, ObjectIds.ObjectsFolder);
        Assert.Equal(2253u, ObjectIds.Server);
        Assert.Equal(2256u, VariableIds.Server_ServerStatus);
        Assert.Equal(2255u, VariableIds.Server_NamespaceArray);
        Assert.Equal(33u, ReferenceTypeIds.HierarchicalReferences);
        Assert.Equal(631u, ReadRequest.BinaryId);
        Assert.Equal(ObjectIds.ReadRequest_Encoding_DefaultBinary, new ReadRequest().BinaryEncodingId);
        Assert.Equal(0x800A0000u, StatusCodes.BadTimeout);
        Assert.Equal("BadTimeout", new StatusCode(0x800A0000).ToString());
        Assert.Equal(13u, AttributeIds.Value);
    }

    [Fact]
    public void Every_structure_survives_a_round_trip_in_its_default_state()
    {
        foreach (var type in typeof(IUaStructure).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IUaStructure)) && t != typeof(DynamicStructure) && t.Namespace == typeof(ReadRequest).Namespace))
        {
            var structure = (IUaStructure)Activator.CreateInstance(type)!;
            var bytes = Wire.Bytes((ref UaWriter w) => structure.Encode(ref w));

            Assert.True(StructureTable.TryGet(structure.BinaryEncodingId, out var decode), type.Name);
            var reader = new UaReader(bytes);
            var decoded = decode(ref reader);

            Assert.False(reader.Failed, type.Name);
            Assert.Equal(0, reader.Remaining);
            Assert.IsType(type, decoded);
            Assert.Equal(bytes, Wire.Bytes((ref UaWriter w) => decoded.Encode(ref w)));
        }
    }
}
