using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Status;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Conditions;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Normalisation;

/// <summary>What normalisation did to a batch: the first <see cref="Kept"/> samples of the span are what is left, in order.</summary>
public readonly record struct NormalisationResult(int Kept, int SuppressedDeadband, int SuppressedDuplicate);

/// <summary>
/// Normalises the samples of one server in place, without allocating for numbers. Not thread-safe: the server's connector is the only caller. The options of each
/// tag are compiled once; a tag without any costs one test of its flags.
/// </summary>
public sealed partial class Normaliser
{
    // Numbers that an enumeration does not know: each is logged once, and a counter gone wild must not fill the memory.
    private const int MaxUnknown = 1000;

    // Values of one tag without a source time that are kept apart, in ticks of 100 ns behind their receive time: far less than between two messages.
    private const long MostInOneMessage = TimeSpan.TicksPerMillisecond;

    private readonly int[] slots;
    private readonly TagPlan[] plans;
    private readonly TagState[] states;
    private readonly long earliest;
    private readonly long tolerance;
    private readonly ILogger logger;
    private readonly string server;
    private readonly Dictionary<(int Slot, long Number), string> unknown = [];
    private readonly ConditionBook? conditions;
    private readonly ClockWatch clock;

    // Counters and debounced tags keep more than others do: by slot, where theirs is; −1 = they are none.
    private readonly int[] special;
    private readonly CounterStage? counters;
    private readonly DebounceStage? debounce;
    private LastSample[]? backfilled;

    /// <param name="server">Server name, for messages.</param>
    /// <param name="tags">The server's tags and their options.</param>
    /// <param name="rules">When a source time is believed.</param>
    /// <param name="logger">Told once of each unknown enumeration value.</param>
    /// <param name="conditions">Told of a wrong clock and of flapping Booleans; null = nobody is.</param>
    public Normaliser(
        string server, IReadOnlyList<(TagDefinition Tag, TagNormalisation Options)> tags, TimeRules rules, ILogger<Normaliser> logger, ConditionBook? conditions = null)
    {
        this.server = server;
        this.logger = logger;
        this.conditions = conditions;
        clock = new ClockWatch(rules);
        earliest = rules.Earliest.Ticks;
        tolerance = rules.FutureTolerance.Ticks;
        var warnings = new List<string>();
        slots = new int[tags.Count == 0 ? 0 : tags.Max(t => t.Tag.Id) + 1];
        slots.AsSpan().Fill(-1);
        plans = new TagPlan[tags.Count];
        states = new TagState[tags.Count];
        for (var i = 0; i < tags.Count; i++)
        {
            slots[tags[i].Tag.Id] = i;
            plans[i] = TagPlan.Compile(tags[i].Tag, tags[i].Options, warnings);
        }

        Warnings = warnings;
        special = new int[tags.Count];
        special.AsSpan().Fill(-1);
        var counting = Special(Stages.Counter);
        var bouncing = Special(Stages.Debounce);
        if (counting.Count > 0)
            counters = new CounterStage([.. counting.Select(i => tags[i].Tag.Path)]);
        if (bouncing.Count > 0)
            debounce = new DebounceStage(server, [.. bouncing.Select(i => (tags[i].Tag.Path, tags[i].Options.Debounce))], conditions);
    }

    /// <summary>Options that could not be honoured as written, in words.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>How far the server's source times are ahead of the gateway's clock; null = not known yet. May be read on any thread.</summary>
    public TimeSpan? ClockOffset => clock.Offset;

    /// <summary>The counters that outlive the process; null where there are none.</summary>
    internal CounterStage? Counters => counters;

    /// <summary>Booleans that wait for their time; null where there are none.</summary>
    internal DebounceStage? Debounced => debounce;

    /// <summary>Samples of debounced tags that may pass, in order. They belong behind those that <see cref="Run"/> has kept; clear it once they are in the journal.</summary>
    internal SampleBatch Released { get; } = new(0);

    /// <summary>Forgets every tag's last sample, so that the next one passes. Needed when samples that passed here did not reach the journal.</summary>
    public void Reset()
    {
        Array.Clear(states);
        backfilled = null;
        counters?.TakeBack();
        HoldAgain();
    }

    /// <summary>What was let go did not reach the journal.</summary>
    internal void HoldAgain()
    {
        debounce?.TakeBack();
        Released.Clear();
    }

    /// <summary>What passed here is in the journal.</summary>
    internal void Commit()
    {
        counters?.Commit();
        debounce?.Commit();
        Released.Clear();
    }

    /// <summary>Normalises; suppressed samples are taken out and the rest closes up.</summary>
    /// <exception cref="ArgumentException">A sample names a tag that is not this server's.</exception>
    public NormalisationResult Run(Span<Sample> samples)
    {
        var kept = 0;
        var deadband = 0;
        var duplicates = 0;
        var ahead = long.MinValue;
        for (var i = 0; i < samples.Length; i++)
        {
            ref var sample = ref samples[i];
            var slot = (uint)sample.Tag < (uint)slots.Length ? slots[sample.Tag] : -1;
            if (slot < 0)
                throw new ArgumentException($"tag {sample.Tag} is not one of server {server}; a connector may append its own tags only", nameof(samples));
            ref readonly var plan = ref plans[slot];
            ref var state = ref states[slot];
            CheckTime(ref sample, state);
            if (sample.Origin == SampleOrigin.Live && (sample.Flags & SampleFlags.SourceTimeSubstituted) == 0)
                ahead = Math.Max(ahead, sample.SourceTime - sample.ReceiveTime);
            if ((plan.Stages & Stages.Transforms) != 0)
                Transform(ref sample, plan, slot);
            CheckFinite(ref sample);
            if ((plan.Stages & Stages.Debounce) != 0)
            {
                // Held back until it has proved to last; the pipeline takes it off this count again when it passes.
                deadband++;
                state.Last.Take(sample);
                debounce!.Offer(sample, special[slot], Released);
                continue;
            }

            switch (Filter(sample, plan, ref state, slot))
            {
                case Verdict.Duplicate:
                    duplicates++;
                    continue;
                case Verdict.Deadband:
                    deadband++;
                    continue;
            }

            if (kept != i)
                samples[kept] = sample;
            kept++;
        }

        if (ahead != long.MinValue && clock.Observe(ahead, samples[^1].ReceiveTime))
            TellClock(samples[^1].ReceiveTime);
        return new NormalisationResult(kept, deadband, duplicates);
    }

    private List<int> Special(Stages stage)
    {
        var found = new List<int>();
        for (var i = 0; i < plans.Length; i++)
        {
            if ((plans[i].Stages & stage) == 0)
                continue;
            special[i] = found.Count;
            found.Add(i);
        }

        return found;
    }

    private void TellClock(long now)
    {
        const string Name = "ClockSkew";
        var seconds = clock.Offset!.Value.TotalSeconds;
        var where = $"{Math.Abs(seconds):0.0} s {(seconds > 0 ? "ahead of" : "behind")} the gateway's clock";
        if (clock.IsWrong)
            conditions?.Raise(new GatewayCondition(Name, 3, server, server, new DateTime(now, DateTimeKind.Utc), $"its values' times are {where} and are kept as they are; set the clock of the server or of its equipment"));
        else
            conditions?.Clear(Name, server, $"its values' times are {where}");
    }

    private static void CheckFinite(ref Sample sample)
    {
        if (sample.Value.Kind is not (ValueKind.Double or ValueKind.Single))
            return;
        var value = sample.Value.AsDouble();
        if (!double.IsFinite(value))
            ValueStages.Fail(ref sample, double.IsNaN(value) ? StatusQuality.BadSensorFailure : StatusQuality.BadOutOfRange);
    }

    private void CheckTime(ref Sample sample, in TagState state)
    {
        if (sample.SourceTime < earliest)
        {
            // Several values of one message must not fall on one time: a store keeps only the last of them.
            sample.SourceTime = state.Last.SourceTime - sample.ReceiveTime is >= 0 and < MostInOneMessage ? state.Last.SourceTime + 1 : sample.ReceiveTime;
            sample.Flags |= SampleFlags.SourceTimeSubstituted;
        }
        else if (sample.SourceTime > sample.ReceiveTime + tolerance)
        {
            sample.Flags |= SampleFlags.SourceTimeInFuture;
        }

        if (sample.SourceTime < state.Last.SourceTime && !IsFetched(sample.Origin))
            sample.Flags |= SampleFlags.SourceTimeBackwards;
    }

    private void Transform(ref Sample sample, in TagPlan plan, int slot)
    {
        var stages = plan.Stages;
        if ((stages & Stages.Structure) != 0)
            TakeApart(ref sample, plan);
        if ((stages & Stages.Index) != 0)
            ValueStages.TakeElement(ref sample, plan.Source.ArrayIndex!.Value);
        if ((stages & Stages.Raw) != 0)
            ValueStages.Reinterpret(ref sample, plan.Source.Raw, plan.Source.Order);
        if ((stages & Stages.Bits) != 0)
            ValueStages.TakeBits(ref sample, plan.Source.Bit!.Value, plan.Source.BitCount);
        if ((stages & Stages.RawCheck) != 0)
            ValueStages.CheckRaw(ref sample, plan);
        if ((stages & Stages.Invert) != 0)
            ValueStages.Invert(ref sample);
        if ((stages & Stages.Parse) != 0)
            ValueStages.Parse(ref sample, plan.Numbers!);
        if ((stages & Stages.Texts) != 0 && sample.Value.AsString() is { } text && plan.Texts!.TryGetValue(text, out var other))
            sample.Value = TagValue.From(other);
        if ((stages & Stages.Counter) != 0 && counters!.Convert(ref sample, special[slot], plan.Source.Counter!))
            LogCounterReset(plan.Path);
        if ((stages & Stages.Enum) != 0)
            NameNumber(ref sample, plan, slot);
        if ((stages & Stages.Linear) != 0)
            ValueStages.Scale(ref sample, plan);
        if ((stages & Stages.Range) != 0)
            ValueStages.CheckRange(ref sample, plan);
        if ((stages & Stages.Target) != 0)
            KindStage.Convert(ref sample, plan);
    }

    private static void TakeApart(ref Sample sample, in TagPlan plan)
    {
        if (plan.FieldPath is not null)
            StructureStage.TakeField(ref sample, plan.FieldPath);
        if (plan.Source.Flatten)
            StructureStage.Flatten(ref sample);
    }

    private void NameNumber(ref Sample sample, in TagPlan plan, int slot)
    {
        if (!sample.Value.TryGetInt64(out var number))
            return;
        if (plan.EnumTexts!.TryGetValue(number, out var name))
        {
            sample.Value = TagValue.From(name);
            return;
        }

        if (!unknown.TryGetValue((slot, number), out var text))
        {
            text = $"Unknown({number})";
            if (unknown.Count < MaxUnknown)
            {
                unknown.Add((slot, number), text);
                LogUnknownValue(plan.Path, number);
            }
        }

        sample.Value = TagValue.From(text);
        ValueStages.Worsen(ref sample, StatusQuality.Uncertain);
    }

    private Verdict Filter(in Sample sample, in TagPlan plan, ref TagState state, int slot)
    {
        if (IsFetched(sample.Origin))
            return FilterFetched(sample, plan, state, slot);
        if (sample.Origin != SampleOrigin.Heartbeat)
        {
            if ((plan.Stages & Stages.Duplicates) != 0 && state.Last.Same(sample))
                return Verdict.Duplicate;
            // An initial value shows where things stand after a gap: it always passes.
            if ((plan.Stages & Stages.Deadband) != 0 && sample.Origin == SampleOrigin.Live && state.HasNumber && sample.Status == state.Last.Status
                && !StatusQuality.IsBad(sample.Status) && sample.Value.Kind != ValueKind.Boolean && sample.Value.TryGetDouble(out var number)
                && Math.Abs(number - state.LastNumber) <= plan.DeadbandBy)
                return Verdict.Deadband;
        }

        state.Last.Take(sample);
        if ((plan.Stages & Stages.Deadband) != 0 && !StatusQuality.IsBad(sample.Status) && sample.Value.TryGetDouble(out var passed))
        {
            state.LastNumber = passed;
            state.HasNumber = true;
        }

        return Verdict.Keep;
    }

    /// <summary>Fetched samples pass beside the live ones: they neither move the deadband nor count as running backwards.</summary>
    private Verdict FilterFetched(in Sample sample, in TagPlan plan, in TagState state, int slot)
    {
        backfilled ??= new LastSample[plans.Length];
        ref var last = ref backfilled[slot];
        if ((plan.Stages & Stages.Duplicates) != 0 && (last.Same(sample) || state.Last.Same(sample)))
            return Verdict.Duplicate;
        last.Take(sample);
        return Verdict.Keep;
    }

    private static bool IsFetched(SampleOrigin origin) => origin is SampleOrigin.Backfill or SampleOrigin.Replay;

    private enum Verdict
    {
        Keep,
        Duplicate,
        Deadband,
    }

    private struct TagState
    {
        public LastSample Last;
        public double LastNumber;
        public bool HasNumber;
    }

    private struct LastSample
    {
        public long SourceTime;
        private TagValue value;
        public uint Status;

        public readonly bool Same(in Sample sample) =>
            sample.SourceTime == SourceTime && sample.Status == Status && sample.Value.Bits == value.Bits && sample.Value.Equals(value);

        public void Take(in Sample sample)
        {
            SourceTime = sample.SourceTime;
            value = sample.Value;
            Status = sample.Status;
        }
    }
}
