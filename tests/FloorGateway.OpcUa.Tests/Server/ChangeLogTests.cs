using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Server.Subscriptions;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Server;

/// <summary>Whatever way a value takes, through the log or a queue, a client sees what the queues of OPC 10000-4, 5.13.1.5 alone would give.</summary>
public sealed class ChangeLogTests
{
    private const int AllBytes = 1024 * 1024;

    private readonly Subscription subscription = new(1, new SubscriptionMachine(10, 100, publishingEnabled: true)) { Owner = default!, MaxNotificationsPerPublish = 0 };
    private readonly ServerLimits limits = new();
    private readonly Space space = new("urn:example.com:log");
    private long time = new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public ChangeLogTests() => space.AddNamespace("http://example.com/UA/Log/");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Random_changes_takes_and_modifications_give_what_plain_queues_would_give(int seed)
    {
        var random = new Random(seed);
        var models = Enumerable.Range(0, 12).Select(i => new Model(space.Objects.AddVariable($"V{i}", BuiltInType.Double, value: Variant.From(0.0)))).ToList();
        foreach (var model in models)
            Attach(model, random);
        for (var step = 0; step < 20_000; step++)
        {
            var model = models[random.Next(models.Count)];
            switch (random.Next(100))
            {
                case < 80:
                    Change(model, random);
                    break;
                case < 84:
                    Receive(models, max: random.Next(1, 20), AllBytes);
                    break;
                case < 88:
                    Receive(models, 0, random.Next(40, 400));
                    break;
                case < 94:
                    Receive(models, 0, AllBytes);
                    break;
                case < 96:
                    Configure(model, random);
                    break;
                case < 98:
                    SetMode(model, random.Next(3) switch { 0 => MonitoringMode.Disabled, 1 => MonitoringMode.Sampling, _ => MonitoringMode.Reporting });
                    break;
                case 98:
                    subscription.RemoveItem(model.Item.Id);
                    Attach(model, random);
                    break;
                default:
                    model.Resend();
                    break;
            }
        }

        foreach (var model in models)
            SetMode(model, MonitoringMode.Reporting);
        Receive(models, 0, AllBytes);
        Assert.All(models, m => Assert.Empty(m.Waiting));
        Assert.False(subscription.NotificationsAvailable);
    }

    [Fact]
    public void Every_kind_of_plain_value_arrives_as_it_was_with_its_status_and_times()
    {
        Variant[] values =
        [
            Variant.Null, Variant.From(true), Variant.From((sbyte)-3), Variant.From((byte)200), Variant.From((short)-1234), Variant.From((ushort)60_000), Variant.From(-70_000), Variant.From(3_000_000_000u),
            Variant.From(-1L << 40), Variant.From(ulong.MaxValue), Variant.From(1.5f), Variant.From(double.NaN), Variant.From(new DateTime(2027, 3, 15, 1, 2, 3, DateTimeKind.Utc)), Variant.From(StatusCodes.BadSensorFailure),
            Variant.From("text"), Variant.From((string?)null), Variant.From(new[] { 1, 2 }), Variant.From(4711.0),
        ];
        var model = new Model(space.Objects.AddVariable("Any", BuiltInType.Double, value: Variant.From(-1.0)));
        Attach(model, 100, discardOldest: true);
        foreach (var value in values)
            Set(model, value, value.Type == BuiltInType.Float ? StatusCodes.UncertainLastUsableValue : StatusCodes.Good);
        Receive([model], 0, AllBytes);
        Assert.Empty(model.Waiting);
        Assert.Equal(values.Length + 1, model.Received);
    }

    [Fact]
    public void Values_are_bounded_by_what_the_queues_hold_together_however_long_nobody_asks()
    {
        var models = Enumerable.Range(0, 3).Select(i => new Model(space.Objects.AddVariable($"V{i}", BuiltInType.Double, value: Variant.From(0.0)))).ToList();
        foreach (var model in models)
            Attach(model, 10, discardOldest: true);
        for (var i = 1; i <= 100_000; i++)
            Set(models[i % 3], Variant.From((double)i), StatusCodes.Good);
        Receive(models, 0, AllBytes);
        Assert.All(models, m => Assert.Equal(10, m.Received));
        Assert.True(models.Sum(m => m.Item.Overflows) > 90_000);
    }

    [Fact]
    public void Two_items_of_one_variable_each_get_every_change()
    {
        var variable = space.Objects.AddVariable("V", BuiltInType.Double, value: Variant.From(0.0));
        Model one = new(variable), two = new(variable) { Handle = 77 };
        Attach(one, 10, discardOldest: true);
        Attach(two, 10, discardOldest: true);
        variable.SetValue(Variant.From(1.0), StatusCodes.Good, ++time, time);
        one.Push(Variant.From(1.0), StatusCodes.Good, time);
        two.Push(Variant.From(1.0), StatusCodes.Good, time);
        subscription.RemoveItem(one.Item.Id);
        one.Waiting.Clear();
        variable.SetValue(Variant.From(2.0), StatusCodes.Good, ++time, time);
        two.Push(Variant.From(2.0), StatusCodes.Good, time);
        Receive([two], 0, AllBytes);
        Assert.Empty(two.Waiting);
        Assert.Equal(3, two.Received);
    }

    private void Attach(Model model, Random random) => Attach(model, random.Next(1, 6), random.Next(2) == 0);

    private void Attach(Model model, int queueSize, bool discardOldest)
    {
        model.Item = subscription.AddItem(model.Variable, AttributeIds.Value, default, TimestampsToReturn.Both);
        (model.Size, model.DiscardOldest, model.Mode) = (queueSize, discardOldest, MonitoringMode.Disabled);
        model.Item.Configure(model.Handle, 0, queueSize, discardOldest, ChangeFilter.Default, null);
        model.Waiting.Clear();
        model.HasLast = false;
        SetMode(model, MonitoringMode.Reporting);
    }

    private void Configure(Model model, Random random)
    {
        (model.Size, model.DiscardOldest) = (random.Next(1, 6), random.Next(2) == 0);
        model.Item.Configure(model.Handle, 0, model.Size, model.DiscardOldest, ChangeFilter.Default, null);
        model.Shrink();
        model.HasLast = false; // a new filter reports whatever comes next
    }

    private static void SetMode(Model model, MonitoringMode mode)
    {
        var before = model.Mode;
        model.Mode = mode;
        if (mode == MonitoringMode.Disabled)
        {
            model.Waiting.Clear();
            model.HasLast = false;
        }

        var now = model.Variable.GetValue();
        if (before == MonitoringMode.Disabled && mode != MonitoringMode.Disabled)
            model.Push(now.Value, now.Status, now.SourceTicks);
        model.Item.SetMode(mode);
    }

    private void Change(Model model, Random random)
    {
        // Few different values, so that many changes are none.
        var value = random.Next(20) switch { 0 => Variant.From("now and then a text"), 1 => Variant.From(new[] { 1.0, 2.0 }), 2 => Variant.From(double.NaN), var n => Variant.From((double)(n % 4)) };
        Set(model, value, random.Next(10) == 0 ? StatusCodes.UncertainLastUsableValue : StatusCodes.Good);
    }

    private void Set(Model model, Variant value, StatusCode status)
    {
        time += 1 + (time % 7);
        model.Variable.SetValue(value, status, time, time);
        model.Push(value, status, time);
    }

    // Takes one message, or all there is when nothing limits it.
    private void Receive(List<Model> models, int max, int maxBytes)
    {
        subscription.MaxNotificationsPerPublish = max;
        if (!subscription.NotificationsAvailable || subscription.TakeNotifications(time, limits, maxBytes) is not { } message)
            return;
        var reader = new UaReader(message.Written);
        reader.ReadUInt32();
        reader.ReadDateTimeTicks();
        Assert.Equal(1, reader.ReadInt32());
        Assert.Equal(DataChangeNotification.BinaryId, reader.ReadNodeId().Numeric);
        reader.ReadByte();
        Assert.Equal(message.Length - 16 - 9, reader.ReadInt32());
        var count = reader.ReadInt32();
        Assert.True(max == 0 || count <= max, $"{count} notifications where {max} were asked for");
        for (var i = 0; i < count; i++)
        {
            var handle = reader.ReadUInt32();
            models.Single(m => m.Handle == handle).Expect(reader.ReadDataValue());
        }

        Assert.Equal(-1, reader.ReadInt32());
        Assert.True(reader.Error.IsGood);
        subscription.Acknowledge(subscription.AvailableSequenceNumbers.Last());
    }

    /// <summary>A monitored item as the standard's text describes it: one queue, every rule at once.</summary>
    private sealed class Model(VariableNode variable)
    {
        private Variant last;
        private StatusCode lastStatus;

        public VariableNode Variable => variable;

        public uint Handle { get; init; } = (uint)variable.Id.GetHashCode();

        public MonitoredItem Item { get; set; } = null!;

        public MonitoringMode Mode { get; set; }

        public int Size { get; set; }

        public bool DiscardOldest { get; set; }

        public bool HasLast { get; set; }

        public int Received { get; private set; }

        public List<DataValue> Waiting { get; } = [];

        public void Push(Variant value, StatusCode status, long sourceTicks)
        {
            if (Mode == MonitoringMode.Disabled || (HasLast && status.Value == lastStatus.Value && VariantEquality.Same(value, last)))
                return;
            (HasLast, last, lastStatus) = (true, value, status);
            Waiting.Add(new DataValue(value, status, sourceTicks, sourceTicks));
            Shrink(fresh: true);
        }

        public void Resend()
        {
            if (Mode == MonitoringMode.Disabled)
                return;
            if (Waiting.Count == 0)
                HasLast = false;
            var now = variable.GetValue();
            Push(now.Value, now.Status, now.SourceTicks);
            Item.Resend();
        }

        public void Shrink(bool fresh = false)
        {
            while (Waiting.Count > Size)
            {
                // The newest of the kept takes the place of the one before it, or the oldest goes.
                Waiting.RemoveAt(DiscardOldest || (fresh && Size == 1) ? 0 : fresh ? Waiting.Count - 2 : Waiting.Count - 1);
                if (Size > 1)
                    Mark(DiscardOldest ? 0 : Waiting.Count - 1);
            }
        }

        public void Expect(DataValue value)
        {
            Assert.NotEmpty(Waiting);
            var wanted = Waiting[0];
            Waiting.RemoveAt(0);
            Assert.True(VariantEquality.Same(wanted.Value, value.Value), $"{variable.BrowseName}: {value.Value} where {wanted.Value} was next");
            Assert.Equal((wanted.Status, wanted.SourceTicks, wanted.ServerTicks), (value.Status, value.SourceTicks, value.ServerTicks));
            Received++;
        }

        private void Mark(int index)
        {
            var value = Waiting[index];
            Waiting[index] = new DataValue(value.Value, value.Status.WithOverflow(), value.SourceTicks, value.ServerTicks);
        }
    }
}
