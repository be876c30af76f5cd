using System.Globalization;
using FloorGateway.Simulators.Flow;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Graded cells on the way into modules, by class: same variant and grade, capacities within 0.5 A·h, resistances within 0.05 mΩ, voltages within 3 mV. Classes are fixed,
/// so any 36 cells of a class match, and every cell finds its module in the end. Two cells of each class stay behind to replace one that shows a fault in the line.
/// </summary>
public sealed class CellMatcher(int cellsPerModule)
{
    /// <summary>Widest difference of capacity in a module, A·h.</summary>
    public const double CapacityWindow = 0.5;

    /// <summary>Widest difference of resistance in a module, mΩ.</summary>
    public const double ResistanceWindow = 0.05;

    /// <summary>Widest difference of voltage in a module, V.</summary>
    public const double VoltageWindow = 0.003;

    private const int Spares = 2;

    private readonly SortedDictionary<string, Queue<Part>> _classes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    /// <summary>Cells that wait.</summary>
    public int Count { get; private set; }

    /// <summary>True when a class has enough cells for a module.</summary>
    public bool HasSet => _classes.Values.Any(IsEnough);

    /// <summary>The cells that wait, class by class.</summary>
    public IEnumerable<Part> Cells => _classes.Values.SelectMany(q => q);

    /// <summary>Adds a cell; false for one whose code is there already.</summary>
    public bool TryAdd(Part cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        if (!_ids.Add(cell.Id)) return false;
        var name = ClassOf(cell);
        if (!_classes.TryGetValue(name, out var waiting)) _classes.Add(name, waiting = new());
        waiting.Enqueue(cell);
        Count++;
        return true;
    }

    /// <summary>The oldest cells of a class with enough of them; the caller has asked for <see cref="HasSet"/>.</summary>
    public IReadOnlyList<Part> TakeSet()
    {
        var waiting = _classes.Values.First(IsEnough);
        var set = new Part[cellsPerModule];
        for (var i = 0; i < set.Length; i++) set[i] = Remove(waiting.Dequeue());
        return set;
    }

    /// <summary>Takes a certain cell, if it waits in the class of <paramref name="like"/>.</summary>
    public Part? Take(string id, Part like)
    {
        var name = ClassOf(like);
        if (!_classes.TryGetValue(name, out var waiting) || waiting.All(c => c.Id != id)) return null;
        var taken = waiting.First(c => c.Id == id);
        _classes[name] = new(waiting.Where(c => c != taken));
        return Remove(taken);
    }

    /// <summary>The class of a cell.</summary>
    public static string ClassOf(Part cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var capacity = Window(cell[CellProperties.Capacity], CapacityWindow);
        // Half a window aside, so that the mean of 0.55 lies in the middle of one.
        var resistance = Window(cell[CellProperties.Acir] + ResistanceWindow / 2, ResistanceWindow);
        var voltage = Window(cell[CellProperties.Ocv], VoltageWindow);
        return string.Create(CultureInfo.InvariantCulture, $"{cell.Model}/{cell[CellProperties.Grade]}/{capacity}/{resistance}/{voltage}");
    }

    private bool IsEnough(Queue<Part> waiting) => waiting.Count >= cellsPerModule + Spares;

    private static long Window(double value, double width) => (long)Math.Floor(value / width);

    private Part Remove(Part cell)
    {
        _ids.Remove(cell.Id);
        Count--;
        return cell;
    }
}
