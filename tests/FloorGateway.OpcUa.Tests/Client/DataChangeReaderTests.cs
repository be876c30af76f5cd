using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.Client;

public sealed class DataChangeReaderTests
{
    private static readonly long Noon = new DateTime(2027, 3, 15, 12, 0, 0, DateTimeKind.Utc).Ticks;

    private static readonly Variant[] Values =
    [
        Variant.From(true), Variant.From((sbyte)-5), Variant.From((byte)200), Variant.From((short)-30000), Variant.From((ushort)60000),
        Variant.From(-2_000_000_000), Variant.From(4_000_000_000u), Variant.From(long.MinValue), Variant.From(ulong.MaxValue),
        Variant.From(-1.5f), Variant.From(Math.PI), Variant.From("Zyl\u00fcnder"), Variant.From((string?)null), Variant.FromDateTimeTicks(Noon),
        Variant.From(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")), Variant.From(new byte[] { 1, 2 }), Variant.From(new NodeId(2, "x")),
        Variant.From(new StatusCode(StatusCodes.BadTimeout)), Variant.From(new LocalizedText("en", "t")), Variant.From(new[] { 1.0, 2.0 }),
        Variant.From((double[]?)null), Variant.From(new string?[] { "a", null }), Variant.FromMatrix(BuiltInType.Int32, new[] { 1, 2, 3, 4 }, [2, 2]),
        Variant.From([Variant.From(1)]), Variant.Null,
    ];

    [Fact]
    public void Reads_every_type_as_the_full_decoder_does()
    {
        var items = Values.Select((v, i) => Item((uint)i, new DataValue(v, StatusCodes.UncertainInitialValue, Noon + i, Noon - i) { SourcePicoseconds = (ushort)(i % 3), ServerPicoseconds = (ushort)(i % 2) })).ToArray();
        Check(items);

        // Long enough a tail that no item is near the end, where the careful path takes over.
        Check([.. items, .. Enumerable.Range(0, 5).Select(i => Item(99, new DataValue(Variant.From(1.0), default, Noon, Noon)))]);
    }

    [Fact]
    public void Reads_every_combination_of_fields()
    {
        List<MonitoredItemNotification> items = [];
        for (var mask = 0; mask < 32; mask++)
        {
            items.Add(Item((uint)mask, new DataValue(
                (mask & 1) != 0 ? Variant.From(7.5) : default,
                (mask & 2) != 0 ? new StatusCode(0x480) : default,
                (mask & 4) != 0 ? Noon : 0,
                (mask & 8) != 0 ? Noon + 1 : 0)
            {
                SourcePicoseconds = (ushort)((mask & 16) != 0 ? 5 : 0),
                ServerPicoseconds = (ushort)((mask & 16) != 0 ? 6 : 0),
            }));
        }

        Check([.. items]);
    }

    [Fact]
    public void Overflow_is_told()
    {
        var reader = Open(Bytes(new DataChangeNotification { MonitoredItems = [Item(1, new DataValue(Variant.From(1), new StatusCode(StatusCodes.Good).WithOverflow()))] }), 1);
        Assert.True(reader.MoveNext());
        Assert.True(reader.IsOverflow);
        Assert.True(reader.Status.IsGood);
    }

    [Fact]
    public void Passes_over_events_and_goes_on_in_the_next_part()
    {
        var bytes = Bytes(
            new EventNotificationList { Events = [new EventFieldList { EventFields = [Variant.From("e")] }] },
            new DataChangeNotification { MonitoredItems = [Item(1, new DataValue(Variant.From(1)))], DiagnosticInfos = [new DiagnosticInfo { SymbolicId = 3 }] },
            new DataChangeNotification(),
            new DataChangeNotification { MonitoredItems = [Item(2, new DataValue(Variant.From(2)))] });
        var reader = Open(bytes, 4);
        List<uint> handles = [];
        while (reader.MoveNext())
        {
            handles.Add(reader.ClientHandle);
        }

        Assert.False(reader.Failed);
        Assert.Equal([1, 2], handles);
    }

    [Fact]
    public void Truncation_anywhere_ends_the_walk_with_an_error()
    {
        var bytes = Bytes(new DataChangeNotification { MonitoredItems = [.. Values.Select((v, i) => Item((uint)i, new DataValue(v, default, Noon, Noon)))] });
        for (var length = 0; length < bytes.Length; length++)
        {
            var reader = Open(bytes[..length], 1);
            while (reader.MoveNext())
            {
                reader.GetVariant();
            }

            Assert.True(reader.Failed, $"{length} of {bytes.Length}");
        }
    }

    [Fact]
    public void Random_damage_never_throws()
    {
        var random = new Random(4711);
        var good = Bytes(new DataChangeNotification { MonitoredItems = [.. Values.Select((v, i) => Item((uint)i, new DataValue(v, default, Noon, Noon)))] });
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = good.ToArray();
            for (var i = 0; i < 3; i++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var reader = Open(bytes, 1);
            for (var guard = 0; reader.MoveNext(); guard++)
            {
                Assert.True(guard < 10_000);
                _ = reader.Bytes.Length;
                _ = reader.Double;
                reader.GetVariant();
            }
        }
    }

    [Fact]
    public void Walking_scalars_allocates_nothing()
    {
        var bytes = Bytes(new DataChangeNotification { MonitoredItems = [.. Enumerable.Range(0, 1000).Select(i => Item((uint)i, new DataValue(i % 5 == 0 ? Variant.From("text") : Variant.From(i * 0.5), default, Noon, Noon)))] });
        var sum = 0.0;
        Assert.Equal(0, Allocations.LeastOf(() => sum += Walk(bytes)));
        Assert.NotEqual(0, sum);

        static double Walk(byte[] bytes)
        {
            var reader = Open(bytes, 1);
            var sum = 0.0;
            while (reader.MoveNext())
            {
                sum += reader.Double + reader.Bytes.Length + reader.SourceTicks;
            }

            return sum;
        }
    }

    private static void Check(MonitoredItemNotification[] items)
    {
        var reader = Open(Bytes(new DataChangeNotification { MonitoredItems = items }), 1);
        foreach (var item in items)
        {
            Assert.True(reader.MoveNext());
            Assert.Equal(item.ClientHandle, reader.ClientHandle);
            Assert.Equal(item.Value.Status, reader.Status);
            Assert.Equal(item.Value.SourceTicks, reader.SourceTicks);
            Assert.Equal(item.Value.ServerTicks, reader.ServerTicks);
            Assert.Equal(item.Value.Value.Type, reader.Type);
            Assert.Equal(item.Value.Value.IsArray, reader.IsArray);
            Assert.Equal(item.Value.Value.ScalarBits, reader.ScalarBits);
            Assert.Equal(item.Value.Value, reader.GetVariant());
            if (item.Value.Value.TryGetString(out var text))
            {
                Assert.Equal(text, System.Text.Encoding.UTF8.GetString(reader.Bytes));
            }
        }

        Assert.False(reader.MoveNext());
        Assert.False(reader.Failed);
    }

    private static MonitoredItemNotification Item(uint handle, DataValue value) => new() { ClientHandle = handle, Value = value };

    private static DataChangeReader Open(byte[] bytes, int parts) => new(bytes, parts, EncodingLimits.Default);

    private static byte[] Bytes(params IUaStructure[] parts) => Wire.Bytes((ref UaWriter w) =>
    {
        foreach (var part in parts)
        {
            w.WriteExtensionObject(part);
        }
    });
}
