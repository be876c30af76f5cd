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
        Assert.Equal(3, Encoding.UTF8.GetString(log.ToArray()).Count(c => c == '\n'));
        Assert.Throws<ArgumentException>(() => genealogy.Replaced("old", "newer", "module", "again", "M01", 3));
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
