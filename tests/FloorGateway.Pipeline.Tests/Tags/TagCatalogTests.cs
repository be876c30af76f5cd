using FloorGateway.Pipeline.Tags;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging;
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

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void Id_of_a_line_that_is_damaged_in_both_files_is_never_given_to_another_path(int lines, bool broken)
    {
        Open("A/1", "A/2", "A/3", "A/4");
        foreach (var file in Directory.GetFiles(folder.Path))
        {
            var bytes = File.ReadAllBytes(file);
            // The last line; or the last line break but one, so that two lines are one.
            bytes[lines == 1 ? ^5 : Array.LastIndexOf(bytes, (byte)'\n', bytes.Length - 2)] ^= (byte)(broken ? 0xFF : 1);
            File.WriteAllBytes(file, bytes);
        }

        for (var start = 0; start < 3; start++)
        {
            var catalog = Open("A/1", "A/2", "A/new", "A/4", "A/3");
            var ids = Ids(catalog, "A/1", "A/2", "A/new", "A/4", "A/3");
            Assert.Equal([0, 1], ids[..2]);
            Assert.Equal(lines == 1 ? 2 : ids[4], ids[4]);
            Assert.All(ids[2..4], id => Assert.True(id > 3, $"{id}"));
            Assert.Equal(5, ids.Distinct().Count());
            Assert.False(catalog[3].Active);
        }
    }

    [Fact]
    public void Every_byte_of_either_file_flipped_or_cut_is_told_and_costs_nothing()
    {
        Open("A/1", "A/2", "A/3");
        TagCatalog.Open(folder["tags"], [Make.Tag("A/1") with { UnitCode = "BAR" }], NullLogger<TagCatalog>.Instance);
        foreach (var file in Directory.GetFiles(folder.Path))
        {
            var whole = File.ReadAllBytes(file);
            foreach (var bytes in Damage.Flips(whole).Select(f => f.Bytes).Concat(Damage.Cuts(whole)))
            {
                File.WriteAllBytes(file, bytes);
                var log = new WarningLog();
                var read = TagCatalog.Read(folder["tags"], log.CreateLogger<TagCatalog>());
                // Other paths first: an id that is lost would go to them.
                var catalog = TagCatalog.Open(folder["tags"], [Make.Tag("A/new"), Make.Tag("A/3"), Make.Tag("A/2")], log.CreateLogger<TagCatalog>());
                Assert.Equal([0, 1, 2, 3], Ids(catalog, "A/1", "A/2", "A/3", "A/new"));
                Assert.Equal([0, 1, 2, -1], Ids(read, "A/1", "A/2", "A/3", "A/new"));
                Assert.Equal("BAR", catalog[0].UnitCode);
                // A copy that is only shorter is one that a kill came before.
                Assert.True(log.Lines.Count > 0 || (file.EndsWith(".copy", StringComparison.Ordinal) && (bytes.Length == 0 || bytes[^1] == '\n')), $"{file}: nothing was told of {bytes.Length} bytes");
                foreach (var name in (string[])["tags", "tags.copy"])
                    File.WriteAllBytes(folder[name], whole);
            }
        }
    }

    [Fact]
    public void Kill_between_the_two_files_loses_neither_the_new_tags_nor_their_ids()
    {
        Open("A/1", "A/2");
        var before = File.ReadAllBytes(folder["tags.copy"]);
        Open("A/1", "A/2", "A/3");
        File.WriteAllBytes(folder["tags.copy"], before);
        Assert.Equal([3, 2], Ids(Open("A/new", "A/3"), "A/new", "A/3"));
        Assert.Equal(File.ReadAllBytes(folder["tags"]), File.ReadAllBytes(folder["tags.copy"]));
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
