using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Verdict on a cell after formation, with the numbers of Result.Verdict.</summary>
public enum FormationVerdict
{
    Good = 1,
    LowCapacity,
    MicroShort,

    /// <summary>Soft short, looks.</summary>
    Other,

    /// <summary>The channel was left out for its contact.</summary>
    Skipped,
}

/// <summary>Cells as formation leaves them: what the rack writes on each cell, and trays of earlier days for stations that run without a rack before them.</summary>
public static class FormedTrays
{
    /// <summary>The verdict on a cell from what formation measured.</summary>
    public static FormationVerdict Judge(FormationProgram program, FormationCells cells, int i, double discharged, bool skipped)
    {
        // Discharge reaches 97 % of the capacity; a cell 4 % short falls below this limit, a good one does not.
        var limit = 0.948 * program.Capacity.Mean;
        return skipped ? FormationVerdict.Skipped
            : discharged < limit ? FormationVerdict.LowCapacity
            : cells.MicroShort[i] ? FormationVerdict.MicroShort
            : cells.OtherReject[i] ? FormationVerdict.Other : FormationVerdict.Good;
    }

    /// <summary>Writes on a cell what later stations need.</summary>
    public static void Describe(Part cell, FormationCells cells, int i, double discharged, double ocv)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(cells);
        cell[CellProperties.Capacity] = discharged;
        cell[CellProperties.Ocv] = ocv;
        cell[CellProperties.Ohmic] = cells.ResistanceDeviation(i);
        cell[CellProperties.MicroShort] = cells.MicroShort[i] ? 1 : 0;
    }

    /// <summary>A tray of 36 cells that went through a program on an earlier day.</summary>
    /// <param name="trayId">Id of the tray load.</param>
    /// <param name="program">The program.</param>
    /// <param name="trace">Traceability field of the cells' codes.</param>
    /// <param name="firstSerial">Serial number of the cell in position 1; the others follow.</param>
    /// <param name="context">Counts the parts.</param>
    /// <param name="random">Draws the cells.</param>
    public static Part Make(string trayId, FormationProgram program, string trace, int firstSerial, UnitContext context, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(random);
        var date = Dates.PlantDate(context.Clock.ToSource(0));
        return Make(trayId, program, i => context.Parts.Make(BatteryCode.Cell(program.Chemistry, trace, date, firstSerial + i), PartKind.Cell, program.Model), context, random);
    }

    /// <summary>A tray of cells that are made elsewhere, with what they come of on record there.</summary>
    /// <param name="trayId">Id of the tray load; the unit before its first hyphen.</param>
    /// <param name="program">The program.</param>
    /// <param name="makeCell">Makes the cell of a position, from 0.</param>
    /// <param name="context">Counts the parts.</param>
    /// <param name="random">Draws the cells.</param>
    public static Part Make(string trayId, FormationProgram program, Func<int, Part> makeCell, UnitContext context, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(trayId);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(makeCell);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(random);
        var cells = new FormationCells(program, 25, random);
        var tray = context.Parts.Make(trayId, PartKind.Tray, program.Model);
        var unit = trayId.Split('-')[0];
        for (var i = 0; i < FormationCells.Count; i++)
        {
            var cell = makeCell(i);
            var discharged = program.DischargeShare * cells.Capacity(i);
            // The last charge ends within a tenth of a per cent of 30 %.
            Describe(cell, cells, i, discharged, FormationCells.OpenCircuitVoltage.At(0.3 + random.Uniform(0, 0.001)));
            cell.IsGood = Judge(program, cells, i, discharged, skipped: false) == FormationVerdict.Good;
            tray.Contents.Add(cell);
            context.Genealogy.Consumed(cell.Id, tray.Id, i + 1, unit, context.Clock.ToSource(0));
        }

        return tray;
    }

    /// <summary>Lets a tray of an earlier day age as the ageing room does.</summary>
    public static void Age(Part tray, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(tray);
        ArgumentNullException.ThrowIfNull(random);
        var hours = AgeingRoom.ColdHours(tray.Model);
        foreach (var cell in tray.Contents)
        {
            var k = cell[CellProperties.SelfDischarge] = DrawSelfDischarge(cell, random);
            cell[CellProperties.FirstOcv] = cell[CellProperties.Ocv] - k * AgeingRoom.HotHours / 1000;
            cell[CellProperties.Ocv] = cell[CellProperties.FirstOcv] - k * hours / 1000;
            cell[CellProperties.HoursBetween] = hours;
        }
    }

    /// <summary>Self-discharge of a cell, mV/h: a micro-short loses many times what sound cells lose.</summary>
    public static double DrawSelfDischarge(Part cell, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(random);
        return cell[CellProperties.MicroShort] == 1 ? random.Uniform(0.08, 0.5) : Math.Max(0, random.Normal(0.02, 0.006));
    }

    /// <summary>Grades an aged tray of an earlier day and gives its good cells; the others are scrap, the tray has ended.</summary>
    public static IReadOnlyList<Part> GradeAll(Part tray, FormationProgram program, UnitContext context, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(tray);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(random);
        var mean = program.DischargeShare * program.Capacity.Mean;
        var good = new List<Part>();
        foreach (var cell in tray.Contents)
        {
            cell[CellProperties.Acir] = GradingStation.ResistanceOf(cell, random);
            var grade = GradingStation.GradeOf(cell[CellProperties.Capacity] - mean, cell[CellProperties.SelfDischarge], cell.IsGood);
            cell[CellProperties.Grade] = grade;
            if (grade < 4) good.Add(cell);
            else context.Parts.End(cell, PartFate.Scrapped);
        }

        tray.Contents.Clear();
        context.Parts.End(tray, PartFate.Consumed);
        return good;
    }
}
