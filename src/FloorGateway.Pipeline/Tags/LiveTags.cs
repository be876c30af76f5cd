using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;

namespace FloorGateway.Pipeline.Tags;

/// <summary>
/// The latest sample of every tag. A reader never sees half of one: each slot has a counter that is odd while it is written (a tag has one writer, its server's
/// connector). Only the short stamping of versions at the end of a batch is under a lock.
/// </summary>
public sealed class LiveTags(int count) : ILiveTags
{
    /// <summary>
    /// A sample older than the latest by up to this is late and replaces nothing: servers mix up the order of values within seconds at most. One that is older still comes
    /// from a clock that was set back, and is the present.
    /// </summary>
    private static readonly long Late = TimeSpan.FromSeconds(10).Ticks;

    private readonly Slot[] slots = new Slot[count];
    private readonly long[] changed = new long[count];
    private readonly Lock gate = new();
    private long version;

    public long Version => Volatile.Read(ref version);

    public long VersionOf(int tag) => (uint)tag < (uint)changed.Length ? Volatile.Read(ref changed[tag]) : 0;

    public bool TryGet(int tag, out Sample sample)
    {
        sample = default;
        if ((uint)tag >= (uint)slots.Length)
            return false;
        ref var slot = ref slots[tag];
        var wait = new SpinWait();
        while (true)
        {
            var before = Volatile.Read(ref slot.Counter);
            if (before == 0)
                return false;
            if ((before & 1) == 0)
            {
                sample = slot.Sample;
                Volatile.ReadBarrier();
                if (slot.Counter == before)
                    return true;
            }

            wait.SpinOnce();
        }
    }

    /// <summary>Takes a batch. Samples fetched from the past and late ones replace nothing newer.</summary>
    public void Update(ReadOnlySpan<Sample> samples)
    {
        if (samples.IsEmpty)
            return;
        foreach (ref readonly var sample in samples)
        {
            ref var slot = ref slots[sample.Tag];
            var fetched = sample.Origin is SampleOrigin.Backfill or SampleOrigin.Replay;
            var older = slot.Sample.SourceTime - sample.SourceTime;
            if (slot.Counter != 0 && (fetched ? older >= 0 : older > 0 && older <= Late))
                continue;
            var counter = slot.Counter;
            Volatile.Write(ref slot.Counter, counter + 1);
            Volatile.WriteBarrier();
            slot.Sample = sample;
            Volatile.Write(ref slot.Counter, unchecked(counter + 2) == 0 ? 2 : unchecked(counter + 2));
        }

        lock (gate)
        {
            // Stamped before the new version is seen: who saw that number has missed nothing.
            var next = version + 1;
            foreach (ref readonly var sample in samples)
                Volatile.Write(ref changed[sample.Tag], next);
            Volatile.Write(ref version, next);
        }
    }

    private struct Slot
    {
        public int Counter;
        public Sample Sample;
    }
}
