using System.Globalization;
using System.Text;

namespace FloorGateway.Simulators.Tests;

/// <summary>Figures of the plant model beside what a run measured.</summary>
internal sealed class FigureTable
{
    private readonly List<Figure> _figures = [];

    private sealed record Figure(string Name, double Expected, double Tolerance, double Measured)
    {
        public bool IsMet => Math.Abs(Measured - Expected) <= Tolerance;
    }

    /// <summary>Figures out of tolerance, in words.</summary>
    public IEnumerable<string> Missed => _figures.Where(f => !f.IsMet).Select(Line);

    /// <param name="name">The figure with its unit.</param>
    /// <param name="expected">What the plant model says.</param>
    /// <param name="tolerance">Absolute.</param>
    /// <param name="measured">What came out.</param>
    public void Add(string name, double expected, double tolerance, double measured) => _figures.Add(new(name, expected, tolerance, measured));

    public override string ToString()
    {
        var text = new StringBuilder($"{"figure",-58}{"expected",12}{"measured",12}{"tolerance",12}\n");
        foreach (var figure in _figures) text.AppendLine(Line(figure));
        return text.ToString();
    }

    private static string Line(Figure f) => string.Create(
        CultureInfo.InvariantCulture, $"{f.Name,-58}{f.Expected,12:0.####}{f.Measured,12:0.####}{f.Tolerance,12:0.####}{(f.IsMet ? "" : "  MISSED")}");
}
