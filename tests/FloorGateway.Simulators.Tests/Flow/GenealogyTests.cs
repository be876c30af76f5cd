using System.Text;
using FloorGateway.Simulators.Flow;

namespace FloorGateway.Simulators.Tests.Flow;

public sealed class GenealogyTests
{
    [Fact]
    public void A_pack_is_traced_to_its_lots_and_a_lot_to_its_vehicles()
    {
        using var genealogy = new Genealogy();
        genealogy.Consumed("lot", "roll-1", 0, "COAT01", 1);
        genealogy.Consumed("lot", "roll-2", 0, "COAT01", 2);
        genealogy.Consumed("roll-1", "coil", 0, "CAL01", 3);
        genealogy.Consumed("coil", "cell-2", 0, "STK01", 4);
        genealogy.Consumed("coil", "cell-1", 0, "STK01", 5);
        genealogy.Consumed("cell-2", "pack", 2, "M01", 6);
        genealogy.Consumed("cell-1", "pack", 1, "M01", 7);
        genealogy.Consumed("pack", "vin", 0, "MAR01", 8);

        Assert.Equal(["pack", "cell-1", "cell-2", "coil", "roll-1", "lot"], genealogy.Backward("vin"));
        Assert.Equal(["roll-1", "roll-2", "coil", "cell-2", "cell-1", "pack", "vin"], genealogy.Forward("lot"));
    }

    [Fact]
    public void A_replaced_part_drops_its_link_and_keeps_its_record()
    {
        using var log = new MemoryStream();
        using var genealogy = new Genealogy(log);
        genealogy.Consumed("old", "module", 7, "M01", 1);
        genealogy.Replaced("old", "new", "module", "swollen", "M01", 2);

        Assert.Equal(["new"], genealogy.InsideOf("module"));
        Assert.Empty(genealogy.ParentsOf("old"));
        Assert.Equal(3, genealogy.Events.Count);
        genealogy.Flush();
        Assert.Equal(3, Encoding.UTF8.GetString(log.ToArray()).Count(c => c == '\n'));
        Assert.Throws<ArgumentException>(() => genealogy.Replaced("old", "newer", "module", "again", "M01", 3));
    }

    [Fact]
    public void What_was_written_is_read_again_and_a_line_in_the_making_is_left_out()
    {
        using var log = new MemoryStream();
        using var genealogy = new Genealogy(log);
        genealogy.Consumed("old", "module", 7, "M01", 638_000_000_000_000_001);
        genealogy.Replaced("old", "new", "module", "swollen \"厚\"", "M01", 638_000_000_000_000_002);
        genealogy.Result("new", "M01-1", ok: true, "M01", 638_000_000_000_000_003);
        genealogy.Flush();

        log.Write("{\"event\":\"Resu"u8);
        log.Position = 0;
        using var read = GenealogyFile.Read(log);
        Assert.Equal(genealogy.Events, read.Events);
        Assert.Equal(genealogy.Checksum, read.Checksum);
        Assert.Equal(["new"], read.InsideOf("module"));
    }

    [Theory]
    [InlineData("[]", "no JSON object")]
    [InlineData("{\"part\":\"a\"}", "no 'event'")]
    [InlineData("{\"event\":\"Replaced\",\"part\":\"a\",\"other\":\"b\",\"position\":1}", "in nothing there")]
    [InlineData("nonsense", "")]
    public void A_line_that_is_no_event_is_named(string line, string problem)
    {
        using var log = new MemoryStream([.. "{\"event\":\"Consumed\",\"part\":\"a\",\"other\":\"b\"}\n"u8, .. Encoding.UTF8.GetBytes(line), (byte)'\n']);
        var error = Assert.Throws<FormatException>(() => GenealogyFile.Read(log));
        Assert.StartsWith("line 2: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_holds_the_newest_events_and_answers_from_them()
    {
        using var genealogy = new Genealogy(keep: 100);
        for (var i = 0; i < 1000; i++)
        {
            genealogy.Consumed($"cell-{i}", $"module-{i / 10}", i % 10 + 1, "M01", i);
            if (i % 10 == 9) genealogy.Replaced($"cell-{i}", $"spare-{i}", $"module-{i / 10}", "swollen", "M01", i);
        }

        Assert.InRange(genealogy.Events.Count, 75, 100);
        Assert.Equal(1200, genealogy.Count);
        Assert.Equal(["cell-990", "cell-991", "cell-992", "cell-993", "cell-994", "cell-995", "cell-996", "cell-997", "cell-998", "spare-999"], genealogy.InsideOf("module-99"));
        Assert.Empty(genealogy.ParentsOf("cell-999"));
        Assert.False(genealogy.Knows("cell-0"));
    }

    [Fact]
    public void A_part_cannot_end_twice()
    {
        var book = new PartBook();
        var part = book.Make("C1", PartKind.Casting);
        book.End(part, PartFate.Scrapped);
        Assert.Throws<InvalidOperationException>(() => book.End(part, PartFate.Shipped));
        Assert.Equal(0, book.InStock(PartKind.Casting));
    }
}
