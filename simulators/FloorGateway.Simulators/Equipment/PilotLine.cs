using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// The pilot line beside production, where trial recipes run: a small coater, a stacker and a formation tray. The machines are those of the plant with other parameters,
/// so that what holds for a trial holds in production.
/// </summary>
public static class PilotLine
{
    /// <summary>Path of the line.</summary>
    public const string Location = "LXE/JSH/RND/L01";

    /// <summary>Speed of the coater, m/min, and length of its rolls, m: one slurry beaker instead of a tank.</summary>
    public const double CoaterSpeed = 5, RollMetres = 50;

    /// <summary>Recipes of the coater beside those of the plant.</summary>
    public static IReadOnlyList<string> CoaterTrials { get; } = ["S120-CATHODE-T1", "S120-ELECTROLYTE-T20UM"];

    /// <summary>Recipes of the stacker beside those of the plant.</summary>
    public static IReadOnlyList<string> StackerTrials { get; } = ["S120-T41"];

    /// <summary>PCOAT01: coats solid-state cathodes at 5 m/min to rolls of 50 m.</summary>
    public static Coater Coater(string code, UnitContext context)
    {
        var coater = new Coater(code, context, ElectrodeLayers.SolidCathode, $"{Location}/{code}", CoaterSpeed, RollMetres);
        foreach (var trial in CoaterTrials) coater.ReleaseTrial(trial);
        return coater;
    }

    /// <summary>PSTK01: stacks solid-state cells.</summary>
    public static Stacker Stacker(string code, UnitContext context)
    {
        var stacker = new Stacker(code, context, solid: true, $"{Location}/{code}");
        foreach (var trial in StackerTrials) stacker.ReleaseTrial(trial);
        return stacker;
    }

    /// <summary>PFR01: one tray for trial programs, with fast capture.</summary>
    public static FormationRack Rack(string code, UnitContext context) =>
        new(code, Location, [FormationProgram.PulseTrial], FormationProgram.Trials, captures: true, context);
}
