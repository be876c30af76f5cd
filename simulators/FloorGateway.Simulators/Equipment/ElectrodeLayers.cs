namespace FloorGateway.Simulators.Equipment;

/// <summary>What is mixed, coated, calendered and stacked: recipe of the machines and model of lots, rolls and coils.</summary>
public static class ElectrodeLayers
{
    public const string LiquidCathode = "L110-CATHODE";
    public const string LiquidAnode = "L110-ANODE";
    public const string SolidCathode = "S120-CATHODE";
    public const string SolidAnode = "S120-ANODE";

    /// <summary>Sulfide electrolyte of the solid-state cell; coated like an electrode and laminated to the anode.</summary>
    public const string SolidElectrolyte = "S120-ELECTROLYTE";

    /// <summary>Areal mass of one dried side, g/m².</summary>
    public const double Loading = 208;

    /// <summary>Solids of the slurry by mass.</summary>
    public const double Solids = 0.70;

    /// <summary>Density of the slurry, kg/l.</summary>
    public const double SlurryDensity = 2.4;

    /// <summary>Coated width, m.</summary>
    public const double Width = 1.3;

    /// <summary>Length of a coated roll and of the coils cut from it, m; as long as the foil on a supplier's roll.</summary>
    public const double RollMetres = 3000;

    /// <summary>Web coated on both sides that goes into a cell, m².</summary>
    public const double CellArea = 0.94;

    public static IReadOnlyList<string> All { get; } = [LiquidCathode, LiquidAnode, SolidCathode, SolidAnode, SolidElectrolyte];

    /// <summary>What the coaters, and the calenders behind them, have been put up for.</summary>
    public static IReadOnlyList<string> CoatingPlan { get; } =
        [LiquidCathode, LiquidAnode, SolidCathode, SolidAnode, SolidElectrolyte, LiquidCathode, LiquidAnode];

    /// <summary>All layers, with the one a machine is set up for first: the recipe it starts with.</summary>
    public static IReadOnlyList<string> First(string layer) => [layer, .. All.Where(l => l != layer)];

    /// <summary>The layer that the number of a machine stands for.</summary>
    /// <param name="code">Cell code, for example COAT03.</param>
    /// <param name="plan">Layer of machine 1, 2, ...</param>
    public static string OfMachine(string code, IReadOnlyList<string> plan) =>
        plan[(int.Parse(code.AsSpan(code.AsSpan().TrimEnd("0123456789").Length)) + plan.Count - 1) % plan.Count];

    /// <summary>True for the layers that run at half speed in the dry room.</summary>
    public static bool IsSolid(string layer) => layer.StartsWith("S120", StringComparison.Ordinal);
}
