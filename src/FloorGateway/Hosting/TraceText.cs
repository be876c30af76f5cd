using System.Globalization;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using Spectre.Console;

namespace FloorGateway.Hosting;

/// <summary>A part's origins and whereabouts as trees.</summary>
/// <param name="genealogy">Who is inside whom.</param>
/// <param name="all">Lists every part; otherwise cells of the same origin share a line and long lists are cut.</param>
internal sealed class TraceText(Genealogy genealogy, bool all)
{
    /// <summary>Parts of a kind that are listed by their ids before the rest is only counted.</summary>
    private const int Listed = 12;

    /// <summary>The part with everything inside it, down to the lots. What was shown once is only named after that.</summary>
    public Tree MadeOf(string code)
    {
        var tree = new Tree($"[bold]{Title(code)}[/] is made of");
        var inside = genealogy.Backward(code);
        AddInside(tree, code, []);
        if (inside.Count == 0) tree.AddNode("nothing on record");
        else tree.AddNode($"[grey]together {Counts(inside)}[/]");
        return tree;
    }

    /// <summary>What the part went into: the list for a recall, by kind, vehicles first.</summary>
    public Tree WentInto(string code)
    {
        var outside = genealogy.Forward(code);
        var tree = new Tree($"[bold]{Title(code)}[/] went into");
        if (outside.Count == 0) tree.AddNode("nothing yet");
        foreach (var (name, ids) in ByKind(outside))
        {
            var node = tree.AddNode(Plural(ids.Count, name));
            foreach (var id in ids.Take(all ? int.MaxValue : Listed)) node.AddNode(Markup.Escape(id) + At(id, code));
            if (!all && ids.Count > Listed) node.AddNode($"[grey]and {Plural(ids.Count - Listed, "more")}; --all lists them[/]");
        }

        return tree;
    }

    /// <summary>What the stations said about it, oldest first.</summary>
    public IEnumerable<string> Stations(string code) =>
        genealogy.Events.Where(e => e.Kind != GenealogyEventKind.Consumed && e.Part == code).Select(e => string.Create(
            CultureInfo.InvariantCulture,
            $"{Dates.PlantTime(e.Ticks):yyyy-MM-dd HH:mm:ss} {e.Unit,-8} {(e.Kind == GenealogyEventKind.Result ? $"{e.Text} ({e.Other})" : $"{e.Other}: {e.Text}")}"));

    // From the beginning of the chains to their ends.
    private static readonly PartKind[] Order =
    [
        PartKind.SlurryLot, PartKind.Roll, PartKind.Coil, PartKind.Tray, PartKind.Cell, PartKind.Module, PartKind.Pack, PartKind.Casting, PartKind.Body, PartKind.PaintedBody, PartKind.Vehicle,
    ];

    private void AddInside(IHasTreeNodes parent, string code, HashSet<string> shown)
    {
        var links = genealogy.LinksInto(code).ToList();
        for (var i = 0; i < links.Count;)
        {
            var run = all ? 1 : SameOrigin(links, i);
            var link = links[i];
            var many = run > 1 ? $"{run} {Name(link.Part)}s, positions {link.Position} to {links[i + run - 1].Position}: {link.Part} to {links[i + run - 1].Part}" : Describe(link);
            i += run;
            if (!shown.Add(link.Part))
            {
                parent.AddNode($"{Markup.Escape(many)} [grey](see above)[/]");
                continue;
            }

            var node = parent.AddNode(Markup.Escape(many));
            if (run == 1) AddInside(node, link.Part, shown);
            else AddOrigins(node, Origins(link.Part), shown);
        }
    }

    private void AddOrigins(IHasTreeNodes parent, IEnumerable<string> origins, HashSet<string> shown)
    {
        foreach (var origin in origins)
        {
            var isNew = shown.Add(origin);
            var node = parent.AddNode(Title(origin) + (isNew ? "" : " [grey](see above)[/]"));
            if (isNew) AddInside(node, origin, shown);
        }
    }

    // Cells one after the other that came of the same coils.
    private int SameOrigin(List<GenealogyEvent> links, int from)
    {
        if (PartIds.KindOf(links[from].Part) != PartKind.Cell) return 1;
        var origins = Origins(links[from].Part);
        var run = 1;
        while (from + run < links.Count && Origins(links[from + run].Part).SequenceEqual(origins)) run++;
        return run;
    }

    // What a cell is made of, past the label it had before its code.
    private List<string> Origins(string cell) =>
        [.. genealogy.InsideOf(cell).SelectMany(id => PartIds.KindOf(id) == PartKind.Cell ? Origins(id) : [id])];

    private string At(string id, string code)
    {
        var link = genealogy.LinksFrom(code).FirstOrDefault(l => l.Other == id);
        return link.Other is null ? "" : Markup.Escape($" ({(link.Position > 0 ? $"position {link.Position}, " : "")}{link.Unit}, {Time(link.Ticks)})");
    }

    private static string Describe(in GenealogyEvent link) =>
        $"{Name(link.Part)} {link.Part} ({(link.Position > 0 ? $"position {link.Position}, " : "")}{link.Unit}, {Time(link.Ticks)})";

    private static string Title(string id) => Markup.Escape($"{Name(id)} {id}");

    private static string Counts(IEnumerable<string> ids) => string.Join(", ", ByKind(ids).Select(k => Plural(k.Ids.Count, k.Name)));

    private static IEnumerable<(string Name, List<string> Ids)> ByKind(IEnumerable<string> ids) =>
        ids.GroupBy(Name).Select(g => (g.Key, g.ToList())).OrderByDescending(g => PartIds.KindOf(g.Item2[0]) is { } kind ? Array.IndexOf(Order, kind) : -1);

    private static string Plural(int count, string name) => count == 1 || name == "more" ? $"{count:N0} {name}" : $"{count:N0} {(name == "body" ? "bodie" : name == "painted body" ? "painted bodie" : name)}s";

    private static string Name(string id) => PartIds.KindOf(id) switch
    {
        PartKind.SlurryLot => "slurry lot",
        PartKind.PaintedBody => "painted body",
        // Until the tab welder marks its code, a cell has the label of its stacker.
        PartKind.Cell => BatteryCode.IsValid(id) ? "cell" : "stack",
        null => "material",
        var known => $"{known}".ToLowerInvariant(),
    };

    private static string Time(long ticks) => Dates.PlantTime(ticks).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
}
