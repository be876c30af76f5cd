using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>The reader that walks value changes without decoding them, held against the ordinary decoder. The first byte is the count of parts.</summary>
internal sealed class DataChangeTarget : IFuzzTarget
{
    public string Name => "data-change";

    public int Weight => 25;

    public IReadOnlyList<byte[]> Seeds { get; } = [.. Enumerable.Range(0, 60).Select(i => MakeOne(new FuzzRandom((ulong)i)))];

    public byte[] Make(FuzzRandom random) => MakeOne(random);

    // As a message, read three times: by the ordinary decoder, to be stepped over, and for its value.
    public long MaxAllocation(int length) => 300_000 + (3000L * length);

    public Verdict Run(byte[] input)
    {
        if (input.Length == 0)
            return default;
        var parts = input[0] % 4;
        var expected = Decode(input.AsSpan(1), parts);
        var reader = new DataChangeReader(input.AsSpan(1), parts, EncodingLimits.Default);
        var count = 0;
        var path = 0;
        while (reader.MoveNext())
        {
            count++;
            path |= 1 << ((int)reader.Type + (reader.IsArray ? 4 : 0));
            var value = reader.GetVariant();
            _ = reader.Bytes.Length + reader.Double;
            if (reader.Failed || expected is null)
                continue;
            DefectException.ThrowIf(count > expected.Count, $"The fast reader gives more than the {expected.Count} changes there are");
            Compare(expected[count - 1], reader, value);
        }

        // What the ordinary decoder takes, the fast one must take as well. It may take more: it steps over what it does not need.
        DefectException.ThrowIf(expected is not null && (reader.Failed || count != expected.Count), $"The fast reader gives {count} of {expected?.Count} changes and ends with {reader.Error}");
        return new Verdict(!reader.Failed && count > 0, reader.Failed ? MessageTarget.HashCode((uint)Math.Min(count, 3), reader.Error) : path);
    }

    private static void Compare(MonitoredItemNotification item, in DataChangeReader reader, Variant value)
    {
        DefectException.ThrowIf(item.ClientHandle != reader.ClientHandle, $"Handle {reader.ClientHandle} in place of {item.ClientHandle}");
        DefectException.ThrowIf(item.Value.Status != reader.Status, $"Status {reader.Status} in place of {item.Value.Status}");
        DefectException.ThrowIf(item.Value.SourceTicks != reader.SourceTicks || item.Value.ServerTicks != reader.ServerTicks, "Other times");
        var expected = Wire.Bytes((ref UaWriter w) => w.WriteVariant(item.Value.Value));
        DefectException.ThrowIf(!expected.AsSpan().SequenceEqual(Wire.Bytes((ref UaWriter w) => w.WriteVariant(value))), $"{value.Type} {value} in place of {item.Value.Value.Type} {item.Value.Value}");
        DefectException.ThrowIf(!item.Value.Value.IsArray && item.Value.Value.ScalarBits != reader.ScalarBits, $"Bits {reader.ScalarBits:X} in place of {item.Value.Value.ScalarBits:X}");
        DefectException.ThrowIf(item.Value.Value.Type != reader.Type || item.Value.Value.IsArray != reader.IsArray, $"{reader.Type} in place of {item.Value.Value.Type}");
    }

    /// <summary>The changes as the ordinary decoder reads them; null when it refuses any of the parts.</summary>
    private static List<MonitoredItemNotification>? Decode(ReadOnlySpan<byte> body, int parts)
    {
        List<MonitoredItemNotification> items = [];
        var reader = new UaReader(body);
        for (var i = 0; i < parts; i++)
        {
            // The encoding's id is a NodeId; the ordinary decoder forgives one with a namespace's URI or a server's index.
            if (reader.Remaining > 0 && body[reader.Position] > 0x3F)
                return null;
            var part = reader.ReadExtensionObject();
            if (reader.Failed)
                return null;
            if (part?.Decoded is DataChangeNotification changes)
                items.AddRange(changes.MonitoredItems);
            else if (part is null or { Decoded: not null } or { BodyEncoding: not ExtensionObjectBody.ByteString } || part.TypeId.NodeId != (NodeId)DataChangeNotification.BinaryId)
                continue;
            else
                return null; // a body that its structure does not fit
        }

        return items;
    }

    private static byte[] MakeOne(FuzzRandom random)
    {
        var parts = 1 + random.Below(3);
        return Wire.Bytes((ref UaWriter w) =>
        {
            w.WriteByte((byte)parts);
            for (var i = 0; i < parts; i++)
                w.WriteExtensionObject(new ExtensionObject(MakePart(random)));
        });
    }

    internal static IUaStructure MakePart(FuzzRandom random) => random.Below(6) switch
    {
        0 => new StatusChangeNotification { Status = ValueMaker.Status(random) },
        1 => StructureMaker.Make(random, typeof(EventNotificationList)),
        _ => new DataChangeNotification
        {
            MonitoredItems =
            [
                .. Enumerable.Range(0, random.Below(8)).Select(i => new MonitoredItemNotification
                {
                    ClientHandle = (uint)i,
                    Value = random.OneIn(3)
                        ? ValueMaker.Data(random)
                        : new DataValue(ValueMaker.Scalar(random, (BuiltInType)random.Below(14)), random.OneIn(4) ? ValueMaker.Status(random) : default, ValueMaker.Time(random).Ticks, random.OneIn(2) ? ValueMaker.Time(random).Ticks : 0),
                }),
            ],
        },
    };
}
