namespace FloorGateway.Simulators.Flow;

/// <summary>What moves through the plant, from lot to vehicle.</summary>
public enum PartKind
{
    SlurryLot,

    /// <summary>A coated roll of electrode or of solid electrolyte.</summary>
    Roll,

    /// <summary>A daughter coil that the slitter cut from a roll.</summary>
    Coil,
    Cell,

    /// <summary>36 cells on their way through formation and grading.</summary>
    Tray,
    Module,
    Pack,
    Casting,
    Body,
    PaintedBody,
    Vehicle,
}
