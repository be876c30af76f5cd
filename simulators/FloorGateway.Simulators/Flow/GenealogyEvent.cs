namespace FloorGateway.Simulators.Flow;

/// <summary>What an event of the genealogy says.</summary>
public enum GenealogyEventKind
{
    /// <summary>A part went into another, or came of it: lot into roll, roll into coil, cell into module.</summary>
    Consumed,

    /// <summary>A station judged a part.</summary>
    Result,

    /// <summary>Somebody decided what becomes of a part: Rework, Scrap or Release.</summary>
    Disposition,

    /// <summary>A part was taken out of another and a new one put in.</summary>
    Replaced,
}

/// <summary>One line of the genealogy; nothing is ever taken back.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Part">The part: the child of Consumed, the old one of Replaced.</param>
/// <param name="Other">Parent of Consumed, new part of Replaced, result id of Result, decision of Disposition.</param>
/// <param name="Position">Place inside the parent from 1; 0 where there is none.</param>
/// <param name="Unit">Code of the station.</param>
/// <param name="Ticks">Source time, UTC .NET ticks.</param>
/// <param name="Text">Verdict or reason.</param>
public readonly record struct GenealogyEvent(GenealogyEventKind Kind, string Part, string Other, int Position, string Unit, long Ticks, string Text = "");
