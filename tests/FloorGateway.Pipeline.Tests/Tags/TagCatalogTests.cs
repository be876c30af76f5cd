using FloorGateway.Pipeline.Tags;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests.Tags;

public sealed class TagCatalogTests : IDisposable
{
    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Ids_are_dense_and_stay_with_their_paths()
    {
        var first = Open("A/1", "A/2", "A/3");
        Assert.Equal([0, 1, 2], Ids(first, "A/1", "A/2", "A/3"));
        var second = Open("A/9", "A/3", "A/1");
        Assert.Equal([3, 2, 0], Ids(second, "A/9", "A/3", "A/1"));
        Assert.Equal(4, second.Count);
        Assert.False(second[1].Active);
        Assert.Equal("A/2", second[1].Path);
        Assert.Equal("DieCastCell", second[1].EquipmentType);
        Assert.True(second[3].Active);
    }

    [Fact]
    public void Two_tags_of_one_path_are_refused() =>
        Assert.Contains("A/1", Assert.Throws<ArgumentException>(() => Open("A/1", "A/1")).Message, StringComparison.Ordinal);

    [Fact]
    public void Line_torn_by_a_kill_is_cut()
    {
        Open("A/1", "A/2");
        var bytes = File.ReadAllBytes(folder["tags"]);
        for (var length = bytes.Length - 1; length > bytes.Length / 2; length--)
        {
            File.WriteAllBytes(folder["tags"], bytes[..length]);
            Assert.Equal([0, 1], Ids(Open("A/1", "A/2"), "A/1", "A/2"));
            Assert.Equal([0, 1], Ids(Open("A/1", "A/2"), "A/1", "A/2"));
        }
    }

    [Fact]
    public void Id_of_a_damaged_line_is_never_given_to_another_path()
    {
        Open("A/1", "A/2", "A/3");
        var bytes = File.ReadAllBytes(folder["tags"]);
        bytes[^5] ^= 1;
        File.WriteAllBytes(folder["tags"], bytes);
        var catalog = Open("A/1", "A/2", "A/new", "A/3");
        Assert.Equal([0, 1, 3, 4], Ids(catalog, "A/1", "A/2", "A/new", "A/3"));
        Assert.False(catalog[2].Active);
    }

    [Fact]
    public void Changed_description_of_a_tag_is_remembered_after_it_left()
    {
        Open("A/1");
        TagCatalog.Open(folder["tags"], [Make.Tag("A/1") with { UnitCode = "BAR" }], NullLogger<TagCatalog>.Instance);
        Assert.Equal("BAR", Open()[0].UnitCode);
    }

    private TagCatalog Open(params string[] paths) => TagCatalog.Open(folder["tags"], paths.Select(p => Make.Tag(p)), NullLogger<TagCatalog>.Instance);

    private static int[] Ids(TagCatalog catalog, params string[] paths) => [.. paths.Select(p => catalog.TryFind(p, out var tag) ? tag.Id : -1)];
}
