using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace Benchmarks.Stages;

/// <summary>
/// Plant-like data: 1,000 tags of 20 units, sent as notifications of 2,000 changes (100 ms at 20,000/s). Of ten tags seven are sensors of limited resolution that
/// drift, one carries full mantissas, one moves in steps, one counts. A controller's scan gives its 50 tags one source time, in whole milliseconds.
/// </summary>
internal sealed class PlantData : ITagCatalog
{
    public const int Tags = 1000;
    public const int Changes = 2000;
    private const int Notifications = 50;
    private const int TagsOfUnit = 50;
    private readonly List<TagDefinition> tags = [];

    public PlantData()
    {
        for (var i = 0; i < Tags; i++)
        {
            var unit = $"LXE/JSH/CAS/L01/DC{i / TagsOfUnit:D2}/PRESS";
            tags.Add(new TagDefinition
            {
                Id = i, Path = $"{unit}/Signal.{i % TagsOfUnit:D2}", Server = "cas", EquipmentType = "DieCastPress", UnitPath = unit, Signal = $"Signal.{i % TagsOfUnit:D2}",
                Kind = i % 10 == 9 ? ValueKind.Int64 : ValueKind.Double, UnitCode = "MTS", UnitSymbol = "m/s",
            });
        }

        Bodies = Encode();
    }

    /// <summary>Encoded NotificationData of one notification each; their times follow each other.</summary>
    public IReadOnlyList<byte[]> Bodies { get; }

    /// <summary>Time that the notifications span: added to go round again without a time coming twice.</summary>
    public long SpanTicks { get; } = Notifications * 100 * TimeSpan.TicksPerMillisecond;

    public int Count => tags.Count;

    public TagDefinition this[int id] => tags[id];

    public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag) => (tag = tags.Find(t => t.Path == path)) is not null;

    private static List<byte[]> Encode()
    {
        var random = new Random(4711);
        var values = new double[Tags];
        var start = new DateTime(2027, 3, 15, 8, 0, 0, DateTimeKind.Utc).Ticks;
        var bodies = new List<byte[]>();
        for (var n = 0; n < Notifications; n++)
        {
            var items = new MonitoredItemNotification[Changes];
            for (var c = 0; c < Changes; c++)
            {
                var tag = c % Tags;
                // Two scans of each unit in one publishing interval, the units one after the other.
                var scan = (n * 100) + (c / Tags * 50) + (tag / TagsOfUnit * 2);
                var ticks = start + (scan * TimeSpan.TicksPerMillisecond);
                items[c] = new MonitoredItemNotification { ClientHandle = (uint)tag, Value = new DataValue(Next(random, ref values[tag], tag), StatusCodes.Good, ticks, ticks + 12_345) };
            }

            var buffer = new ArrayBufferWriter<byte>();
            var writer = new UaWriter(buffer);
            writer.WriteExtensionObject(new ExtensionObject(new DataChangeNotification { MonitoredItems = items }));
            writer.Flush();
            bodies.Add(buffer.WrittenSpan.ToArray());
        }

        return bodies;
    }

    private static Variant Next(Random random, ref double value, int tag)
    {
        switch (tag % 10)
        {
            case 9:
                return Variant.From((int)(value += random.Next(1, 4)));
            case 8:
                value = random.Next(12) * 0.5;
                return Variant.From(value);
            case 7:
                value = (0.95 * value) + random.NextDouble() - 0.5;
                return Variant.From(value);
            default:
                value += random.NextDouble() - 0.5;
                return Variant.From(Math.Round(value, 2));
        }
    }
}
