using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.Client;

public sealed class ItemQuarantineTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Each_item_waits_for_itself_and_longer_with_each_refusal()
    {
        var quarantine = new ItemQuarantine(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(100), _time);
        Assert.True(quarantine.Refuse(Item(1), StatusCodes.BadNodeIdUnknown));
        _time.Advance(TimeSpan.FromSeconds(20));
        quarantine.Refuse(Item(2), StatusCodes.BadNodeIdUnknown);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([1u], Due(quarantine));
        Assert.False(quarantine.Refuse(Item(1), StatusCodes.BadNodeIdUnknown));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal([2u], Due(quarantine));
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal([2u, 1u], Due(quarantine).Order().Reverse());
        quarantine.Refuse(Item(1), StatusCodes.BadNodeIdUnknown);
        _time.Advance(TimeSpan.FromSeconds(99));
        Assert.Equal([2u], Due(quarantine));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains(1u, Due(quarantine));
    }

    [Fact]
    public void A_released_item_is_no_longer_tried()
    {
        var quarantine = new ItemQuarantine(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(100), _time);
        quarantine.Refuse(Item(1), StatusCodes.BadNodeIdUnknown);
        Assert.True(quarantine.Release(1));
        Assert.False(quarantine.Release(1));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(Due(quarantine));
    }

    private static MonitoredItemSettings Item(uint handle) => new(handle, new NodeId(1, handle));

    private static IEnumerable<uint> Due(ItemQuarantine quarantine) => quarantine.Due(10).Select(i => i.ClientHandle);
}
