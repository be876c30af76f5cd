namespace FloorGateway.Simulators.PackMl;

/// <summary>Raises NOK3 when three parts in a row are not OK.</summary>
public sealed class NokRun(AlarmBit bit)
{
    private int _run;

    /// <summary>One more verdict.</summary>
    public void Count(bool ok)
    {
        _run = ok ? 0 : _run + 1;
        bit.Set(_run >= 3);
        if (_run >= 3) _run = 0;
    }
}
