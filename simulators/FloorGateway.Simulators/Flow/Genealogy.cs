using System.Text.Json;

namespace FloorGateway.Simulators.Flow;

/// <summary>
/// Who is inside whom: an append-only list of events with an index both ways. A lot goes into many rolls, a roll into many coils, so a part may have several parents.
/// Not thread-safe; read it while nothing moves.
/// </summary>
public sealed class Genealogy : IDisposable
{
    private static readonly JsonWriterOptions Compact = new() { SkipValidation = true };
    private readonly List<GenealogyEvent> _events = [];
    private readonly Dictionary<string, List<int>> _asChild = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _asParent = new(StringComparer.Ordinal);
    private readonly HashSet<int> _undone = [];
    private readonly Utf8JsonWriter? _json;
    private readonly Stream? _log;

    /// <param name="log">One JSON line an event; null keeps them in memory only. Disposed with this.</param>
    public Genealogy(Stream? log = null)
    {
        _log = log;
        _json = log is null ? null : new Utf8JsonWriter(log, Compact);
    }

    /// <summary>All events in the order in which they happened.</summary>
    public IReadOnlyList<GenealogyEvent> Events => _events;

    /// <summary>A part went into another.</summary>
    public void Consumed(string child, string parent, int position, string unit, long ticks) =>
        Link(new(GenealogyEventKind.Consumed, child, parent, position, unit, ticks));

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
        var links = _asChild.GetValueOrDefault(old) ?? [];
        var last = links.FindLastIndex(i => _events[i].Other == parent && !_undone.Contains(i));
        if (last < 0) throw new ArgumentException($"{old} is not in {parent}.", nameof(old));
        var link = links[last];
        _undone.Add(link);
        var position = _events[link].Position;
        Append(new(GenealogyEventKind.Replaced, old, replacement, position, unit, ticks, reason));
        Consumed(replacement, parent, position, unit, ticks);
    }

    /// <summary>What is directly inside a part, in order of position.</summary>
    public IReadOnlyList<string> InsideOf(string part) => [.. Links(_asParent, part).OrderBy(e => e.Position).Select(e => e.Part)];

    /// <summary>What a part is directly inside of.</summary>
    public IReadOnlyList<string> ParentsOf(string part) => [.. Links(_asChild, part).Select(e => e.Other)];

    /// <summary>Everything a part is made of, down to the lots; nearest first, each once.</summary>
    public IReadOnlyList<string> Backward(string part) => Walk(part, InsideOf);

    /// <summary>Everything a part or lot went into, up to the vehicles; nearest first, each once: the containment list of a recall.</summary>
    public IReadOnlyList<string> Forward(string part) => Walk(part, ParentsOf);

    /// <summary>Writes what waits to the log.</summary>
    public void Flush() => _log?.Flush();

    public void Dispose()
    {
        _json?.Dispose();
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

    private IEnumerable<GenealogyEvent> Links(Dictionary<string, List<int>> index, string part) =>
        (index.GetValueOrDefault(part) ?? []).Where(i => !_undone.Contains(i)).Select(i => _events[i]);

    private void Link(GenealogyEvent one)
    {
        Append(one);
        Note(_asChild, one.Part);
        Note(_asParent, one.Other);
    }

    private void Note(Dictionary<string, List<int>> index, string part)
    {
        if (!index.TryGetValue(part, out var links)) index.Add(part, links = []);
        links.Add(_events.Count - 1);
    }

    private void Append(GenealogyEvent one)
    {
        _events.Add(one);
        if (_json is null) return;
        _json.WriteStartObject();
        _json.WriteString("event"u8, one.Kind.ToString());
        _json.WriteString("part"u8, one.Part);
        _json.WriteString("other"u8, one.Other);
        if (one.Position != 0) _json.WriteNumber("position"u8, one.Position);
        _json.WriteString("unit"u8, one.Unit);
        _json.WriteString("time"u8, new DateTime(one.Ticks, DateTimeKind.Utc));
        if (one.Text.Length > 0) _json.WriteString("text"u8, one.Text);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _log!.WriteByte((byte)'\n');
    }
}
