using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Kpi;

/// <summary>
/// Key performance indicators of one machine by ISO 22400-2. Ratios are 0 to 1 (the effectiveness may exceed 1 where the machine is faster than planned); they are NaN where nothing was produced.
/// </summary>
/// <param name="Pbt">Planned busy time: shifts without breaks and planned maintenance.</param>
/// <param name="Apt">Actual production time.</param>
/// <param name="Aust">Actual unit setup time.</param>
/// <param name="Adet">Actual unit delay time.</param>
/// <param name="Adot">Actual unit down time.</param>
/// <param name="Pri">Planned run time per item.</param>
/// <param name="Pq">Produced quantity.</param>
/// <param name="Gq">Good quantity.</param>
/// <param name="Sq">Scrap quantity.</param>
/// <param name="Rq">Rework quantity.</param>
public sealed record UnitKpi(TimeSpan Pbt, TimeSpan Apt, TimeSpan Aust, TimeSpan Adet, TimeSpan Adot, TimeSpan Pri, long Pq, long Gq, long Sq, long Rq)
{
    /// <summary>APT / PBT.</summary>
    public double Availability => Apt / Pbt;

    /// <summary>PRI · PQ / APT.</summary>
    public double Effectiveness => Pri * Pq / Apt;

    /// <summary>GQ / PQ.</summary>
    public double QualityRate => Ratio(Gq);

    /// <summary>Availability · effectiveness · quality rate.</summary>
    public double Oee => Availability * Effectiveness * QualityRate;

    /// <summary>(APT + AUST) / PBT · effectiveness · quality rate: setup does not count against the machine.</summary>
    public double NeeIndex => (Apt + Aust) / Pbt * Effectiveness * QualityRate;

    /// <summary>SQ / PQ.</summary>
    public double ScrapRatio => Ratio(Sq);

    /// <summary>RQ / PQ.</summary>
    public double ReworkRatio => Ratio(Rq);

    /// <summary>The indicators of a machine from the begin of the run to its present.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="states">Its times in each state.</param>
    /// <param name="genealogy">Says what was scrapped and reworked.</param>
    /// <param name="pri">Planned run time per item.</param>
    /// <param name="pbt">Planned busy time; null takes all the time of the run.</param>
    public static UnitKpi Of(EquipmentUnit machine, StateLog states, Genealogy genealogy, TimeSpan pri, TimeSpan? pbt = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(genealogy);
        long scrap = 0, rework = 0;
        foreach (var one in genealogy.Events)
        {
            if (one.Kind != GenealogyEventKind.Disposition || one.Unit != machine.Code) continue;
            if (one.Other == "Scrap") scrap++;
            else if (one.Other == "Rework") rework++;
        }

        long good = machine.GoodCount.Value;
        return new(
            pbt ?? TimeSpan.FromTicks(machine.Now),
            states.On(machine, TimeElement.Production),
            states.On(machine, TimeElement.Setup),
            states.On(machine, TimeElement.Delay),
            states.On(machine, TimeElement.Down),
            pri,
            good + machine.RejectCount.Value,
            good,
            scrap,
            rework);
    }

    private double Ratio(long quantity) => Pq == 0 ? double.NaN : quantity / (double)Pq;
}
