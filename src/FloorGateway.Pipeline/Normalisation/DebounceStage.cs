using FloorGateway.Model.Samples;
using FloorGateway.Model.Status;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Conditions;

namespace FloorGateway.Pipeline.Normalisation;

/// <summary>
/// Holds a Boolean's change back until it has lasted; what comes and goes in less is counted and left out. A change that lasted passes with the time at which it
/// happened. Not thread-safe: the server's lane is the only caller.
/// </summary>
internal sealed class DebounceStage(string server, IReadOnlyList<(string Path, TimeSpan Time)> tags, ConditionBook? conditions)
{
    // One flicker is a bouncing contact, which is what the option is for; this many in a row is something to mend.
    private const int FlickersToTell = 3;

    private readonly State[] states = new State[tags.Count];
    private readonly State[] committed = new State[tags.Count];
    private bool dirty;

    /// <summary>What was let go is in the journal.</summary>
    public void Commit()
    {
        if (!dirty)
            return;
        dirty = false;
        states.CopyTo(committed, 0);
    }

    /// <summary>What was let go since the last commit never reached the journal: its samples come again, or are held here again.</summary>
    public void TakeBack()
    {
        dirty = false;
        committed.CopyTo(states, 0);
    }

    /// <summary>Takes a sample; what may pass goes to <paramref name="passed"/>: this one, an earlier one, both or none.</summary>
    public void Offer(in Sample sample, int index, SampleBatch passed)
    {
        dirty = true;
        ref var state = ref states[index];
        var time = tags[index].Time.Ticks;
        if (state.IsKnown && sample.SourceTime < state.Newest)
        {
            passed.Add(sample);
            return;
        }

        if (state.IsHolding && sample.SourceTime - state.Held.SourceTime >= time)
            Release(ref state, index, passed);
        var repeated = state.IsKnown && sample.SourceTime == state.Newest && Same(sample, state.IsHolding ? state.Held : state.Passed);
        state.Newest = sample.SourceTime;
        if (repeated && sample.Origin == SampleOrigin.Live)
            return;
        if (!state.IsKnown || sample.Origin != SampleOrigin.Live || sample.Status != state.Passed.Status || sample.Value.Kind != ValueKind.Boolean)
        {
            // First values, what was fetched and changes of quality say where things stand: at once.
            state.IsHolding = false;
            state.Passed = sample;
            state.IsKnown = true;
            passed.Add(sample);
            return;
        }

        if (Same(sample, state.Passed))
        {
            if (!state.IsHolding)
            {
                passed.Add(sample);
                return;
            }

            state.IsHolding = false;
            Flicker(ref state, index, sample.ReceiveTime);
            return;
        }

        if (state.IsHolding)
            return;
        state.IsHolding = true;
        state.Held = sample;
    }

    /// <summary>Lets go what has lasted long enough by the gateway's clock although nothing came after it.</summary>
    public void ReleaseDue(long now, SampleBatch passed)
    {
        for (var i = 0; i < states.Length; i++)
        {
            ref var state = ref states[i];
            if (state.IsHolding && now - state.Held.ReceiveTime >= tags[i].Time.Ticks)
                Release(ref state, i, passed);
            else if (state.Flickers > 0 && !state.IsHolding && now - state.LastFlicker >= FlickersToTell * tags[i].Time.Ticks)
                Settle(ref state, i);
        }
    }

    /// <summary>Lets everything go: the gateway ends.</summary>
    public void ReleaseAll(SampleBatch passed)
    {
        for (var i = 0; i < states.Length; i++)
        {
            if (states[i].IsHolding)
                Release(ref states[i], i, passed);
        }
    }

    private void Release(ref State state, int index, SampleBatch passed)
    {
        dirty = true;
        if (state.Flickers > 0)
            state.Held.Flags |= SampleFlags.Flapping;
        passed.Add(state.Held);
        state.Passed = state.Held;
        state.IsHolding = false;
        Settle(ref state, index);
    }

    private void Flicker(ref State state, int index, long now)
    {
        state.Flickers++;
        state.LastFlicker = now;
        if (state.Flickers < FlickersToTell || state.IsTold)
            return;
        state.IsTold = true;
        var (path, time) = tags[index];
        conditions?.Raise(new GatewayCondition(
            "Flapping", 4, path, server, new DateTime(now, DateTimeKind.Utc),
            $"it changes to and fro in less than {time.TotalMilliseconds:0} ms, so its last steady value stands; look for a loose contact or a limit without a deadband"));
    }

    private void Settle(ref State state, int index)
    {
        if (state.IsTold)
            conditions?.Clear("Flapping", tags[index].Path, $"it came and went {state.Flickers} times");
        (state.Flickers, state.IsTold) = (0, false);
    }

    private static bool Same(in Sample a, in Sample b) => a.Status == b.Status && a.Value.Bits == b.Value.Bits && a.Value.Kind == b.Value.Kind;

    private struct State
    {
        public Sample Passed;
        public Sample Held;
        public long Newest;
        public long LastFlicker;
        public int Flickers;
        public bool IsKnown;
        public bool IsHolding;
        public bool IsTold;
    }
}
