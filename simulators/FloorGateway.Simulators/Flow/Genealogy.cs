using System.Buffers;
using System.Text.Json;
using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Flow;

/// <summary>
/// Who is inside whom: an append-only list of events with an index both ways. A lot goes into many rolls, a roll into many coils, so a part may have several parents.
/// Not thread-safe; read it while nothing moves.
/// </summary>
public sealed class Genealogy : IDisposable
{
    /// <summary>Events that memory holds unless told otherwise, at about 200 bytes each with the ids: four days of the demonstration plant. The log keeps all.</summary>
    public const int StandardKeep = 1_000_000;

    private const int None = -1, FlushBytes = 64 * 1024;
    private readonly List<GenealogyEvent> _events = [];
    private readonly List<Links> _links = [];
    private readonly Dictionary<string, int> _lastAsChild = new(StringComparer.Ordinal), _lastAsParent = new(StringComparer.Ordinal);
    private readonly HashSet<int> _undone = [];
    private readonly ArrayBufferWriter<byte> _lines = new(2 * FlushBytes);
    private readonly Utf8JsonWriter _json;
    private readonly Stream? _log;
    private readonly int _keep;

    /// <param name="log">One JSON line an event; null keeps them in memory only. Disposed with this.</param>
    /// <param name="keep">Events that memory holds; beyond that the oldest quarter is forgotten, and questions are answered from what is left.</param>
    public Genealogy(Stream? log = null, int keep = StandardKeep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 4);
        _log = log;
        _keep = keep;
        _json = new Utf8JsonWriter(_lines, new() { SkipValidation = true });
    }

    /// <summary>The events that memory holds, in the order in which they happened.</summary>
    public IReadOnlyList<GenealogyEvent> Events => _events;

    /// <summary>Events so far, those forgotten included.</summary>
    public long Count { get; private set; }

    /// <summary>FNV-1a 64 over all lines in order: equal for two runs in which the same happened.</summary>
    public ulong Checksum { get; private set; } = Fnv1a.Start;

    /// <summary>A part went into another.</summary>
    public void Consumed(string child, string parent, int position, string unit, long ticks) =>
        Append(new(GenealogyEventKind.Consumed, child, parent, position, unit, ticks));

    /// <summary>A station judged a part.</summary>
    public void Result(string part, string resultId, bool ok, string unit, long ticks, string text = "") =>
        Append(new(GenealogyEventKind.Result, part, resultId, 0, unit, ticks, text.Length > 0 ? text : ok ? "OK" : "NotOK"));

    /// <summary>What becomes of a part.</summary>
    public void Disposition(string part, string decision, string reason, string unit, long ticks) =>
        Append(new(GenealogyEventKind.Disposition, part, decision, 0, unit, ticks, reason));

    /// <summary>A part is taken out of its parent and another put in its place; the old link stays on record and no longer counts.</summary>
    /// <exception cref="ArgumentException">The old part is not in that parent.</exception>
    public void Replaced(string old, string replacement, string parent, string reason, string unit, long ticks)
    {
        var link = Chain(_lastAsChild, old, asChild: true).FirstOrDefault(i => _events[i].Other == parent, None);
        if (link == None) throw new ArgumentException($"{old} is not in {parent}.", nameof(old));
        var position = _events[link].Position;
        Append(new(GenealogyEventKind.Replaced, old, replacement, position, unit, ticks, reason));
        Consumed(replacement, parent, position, unit, ticks);
    }

    /// <summary>Adds an event as it was written down, for example one read from a log.</summary>
    /// <exception cref="ArgumentException">It replaces a part that is in nothing.</exception>
    public void Append(in GenealogyEvent one)
    {
        if (one.Kind == GenealogyEventKind.Replaced)
        {
            // The parent is not part of the event: it is the one the old part was in at that place.
            var position = one.Position;
            var link = Chain(_lastAsChild, one.Part, asChild: true).FirstOrDefault(i => _events[i].Position == position, None);
            if (link == None) throw new ArgumentException($"{one.Part} is replaced at position {position} but is in nothing there.", nameof(one));
            _undone.Add(link);
        }

        Keep(one);
        Write(one);
        Count++;
        if (_events.Count > _keep) ForgetOldest();
    }

    /// <summary>What is directly inside a part, in order of position.</summary>
    public IReadOnlyList<string> InsideOf(string part) => [.. LinksInto(part).Select(e => e.Part)];

    /// <summary>What a part is directly inside of.</summary>
    public IReadOnlyList<string> ParentsOf(string part) => [.. LinksFrom(part).Select(e => e.Other)];

    /// <summary>The links of what is directly inside a part, in order of position.</summary>
    public IEnumerable<GenealogyEvent> LinksInto(string part) => Chain(_lastAsParent, part, asChild: false).Reverse().Select(i => _events[i]).OrderBy(e => e.Position);

    /// <summary>The links to what a part is directly inside of, oldest first.</summary>
    public IEnumerable<GenealogyEvent> LinksFrom(string part) => Chain(_lastAsChild, part, asChild: true).Reverse().Select(i => _events[i]);

    /// <summary>True when some link names the part.</summary>
    public bool Knows(string part) => _lastAsChild.ContainsKey(part) || _lastAsParent.ContainsKey(part);

    /// <summary>All parts that some link names.</summary>
    public IEnumerable<string> Parts => _lastAsParent.Keys.Concat(_lastAsChild.Keys.Where(p => !_lastAsParent.ContainsKey(p)));

    /// <summary>Everything a part is made of, down to the lots; nearest first, each once.</summary>
    public IReadOnlyList<string> Backward(string part) => Walk(part, InsideOf);

    /// <summary>Everything a part or lot went into, up to the vehicles; nearest first, each once: the containment list of a recall.</summary>
    public IReadOnlyList<string> Forward(string part) => Walk(part, ParentsOf);

    /// <summary>Writes what waits to the log.</summary>
    public void Flush()
    {
        _log?.Write(_lines.WrittenSpan);
        _log?.Flush();
        _lines.ResetWrittenCount();
    }

    public void Dispose()
    {
        Flush();
        _json.Dispose();
        _log?.Dispose();
    }

    private static List<string> Walk(string from, Func<string, IReadOnlyList<string>> next)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { from };
        var found = new List<string>();
        var at = new Queue<string>([from]);
        while (at.TryDequeue(out var part))
        {
            foreach (var other in next(part))
            {
                if (!seen.Add(other)) continue;
                found.Add(other);
                at.Enqueue(other);
            }
        }

        return found;
    }

    // Newest first.
    private IEnumerable<int> Chain(Dictionary<string, int> last, string part, bool asChild)
    {
        for (var i = last.GetValueOrDefault(part, None); i != None; i = asChild ? _links[i].BeforeAsChild : _links[i].BeforeAsParent)
        {
            if (!_undone.Contains(i)) yield return i;
        }
    }

    private void Keep(in GenealogyEvent one)
    {
        var at = _events.Count;
        _events.Add(one);
        if (one.Kind != GenealogyEventKind.Consumed)
        {
            _links.Add(new(None, None));
            return;
        }

        _links.Add(new(_lastAsChild.GetValueOrDefault(one.Part, None), _lastAsParent.GetValueOrDefault(one.Other, None)));
        _lastAsChild[one.Part] = at;
        _lastAsParent[one.Other] = at;
    }

    private void ForgetOldest()
    {
        var gone = _keep / 4;
        var kept = _events[gone..];
        var undone = _undone.Where(i => i >= gone).Select(i => i - gone).ToList();
        _events.Clear();
        _links.Clear();
        _lastAsChild.Clear();
        _lastAsParent.Clear();
        _undone.Clear();
        foreach (var one in kept) Keep(one);
        _undone.UnionWith(undone);
    }

    private void Write(in GenealogyEvent one)
    {
        var start = _lines.WrittenCount;
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("event"u8, Names[(int)one.Kind]);
        _json.WriteString("part"u8, one.Part);
        _json.WriteString("other"u8, one.Other);
        if (one.Position != 0) _json.WriteNumber("position"u8, one.Position);
        _json.WriteString("unit"u8, one.Unit);
        _json.WriteString("time"u8, new DateTime(one.Ticks, DateTimeKind.Utc));
        if (one.Text.Length > 0) _json.WriteString("text"u8, one.Text);
        _json.WriteEndObject();
        _json.Flush();
        _lines.Write("\n"u8);
        Checksum = Fnv1a.Add(Checksum, _lines.WrittenSpan[start..]);
        if (_lines.WrittenCount >= FlushBytes) Flush();
    }

    private static readonly string[] Names = Enum.GetNames<GenealogyEventKind>();

    // The event before this one in which the same child, or the same parent, was linked.
    private readonly record struct Links(int BeforeAsChild, int BeforeAsParent);
}
