namespace FloorGateway.Simulators.Faults;

/// <summary>A signal's unit of measure is declared as free text instead of a coded unit.</summary>
internal sealed class RelabelFault(FaultSetting setting, string signal, string text) : FaultEffect
{
    public override void Begin() => Show(text);

    public override void End() => Show(null);

    private void Show(string? unit) => setting.Server?.Relabel(setting.Unit.Signals.First(s => s.Name == signal), unit);
}
