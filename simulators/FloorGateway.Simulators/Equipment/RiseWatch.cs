namespace FloorGateway.Simulators.Equipment;

/// <summary>Watches how fast the cells of a tray warm up: 2 °C within the last minute is too fast for anything but a reaction inside.</summary>
internal sealed class RiseWatch
{
    private const int SamplesPerMinute = 6;
    private const float Limit = 2;
    private readonly float[,] _past = new float[SamplesPerMinute, FormationCells.Count];
    private int _count;

    /// <summary>A new tray: nothing to compare with.</summary>
    public void Clear() => _count = 0;

    /// <summary>One more sample of all cells, every 10 s; true when one of them has risen too fast.</summary>
    public bool Exceeds(ReadOnlySpan<float> temperatures)
    {
        var row = _count % SamplesPerMinute;
        var full = _count >= SamplesPerMinute;
        var exceeds = false;
        for (var i = 0; i < FormationCells.Count; i++)
        {
            exceeds |= full && temperatures[i] - _past[row, i] > Limit;
            _past[row, i] = temperatures[i];
        }

        _count++;
        return exceeds;
    }
}
