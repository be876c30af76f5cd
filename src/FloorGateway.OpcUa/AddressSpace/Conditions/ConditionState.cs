using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Conditions;

/// <summary>How an alarm is shelved (OPC 10000-9, 5.8.17).</summary>
public enum ShelvingState
{
    Unshelved,
    TimedShelved,
    OneShotShelved,
}

/// <summary>
/// The states of a condition (OPC 10000-9, 5.5 to 5.8) as a pure machine: an event and the time change it or are refused with the
/// status that the method gives its caller.
/// </summary>
internal sealed class ConditionState
{
    /// <summary>False for a plain ConditionType: there is nothing to acknowledge.</summary>
    public bool IsAcknowledgeable { get; init; }

    /// <summary>True when an acknowledged condition wants to be confirmed as well.</summary>
    public bool IsConfirmable { get; init; }

    /// <summary>Longest shelving in ticks; <see cref="long.MaxValue"/> = no limit.</summary>
    public long MaxShelvedTicks { get; init; } = long.MaxValue;

    public bool Enabled { get; private set; } = true;

    public bool Active { get; private set; }

    public bool Acked { get; private set; } = true;

    public bool Confirmed { get; private set; } = true;

    public bool Suppressed { get; private set; }

    public bool OutOfService { get; private set; }

    public ShelvingState Shelving { get; private set; }

    /// <summary>UTC ticks at which shelving ends by itself; <see cref="long.MaxValue"/> = never.</summary>
    public long UnshelveAt { get; private set; } = long.MaxValue;

    public bool SuppressedOrShelved => Suppressed || OutOfService || Shelving != ShelvingState.Unshelved;

    /// <summary>True while a client that starts now has to know of the condition (5.5.2).</summary>
    public bool Retain => Enabled && (Active || !Acked || !Confirmed);

    /// <summary>The condition became true, or worse: it wants an acknowledgement, again if need be.</summary>
    public void Activate(bool needsAcknowledgement)
    {
        Active = true;
        if (needsAcknowledgement && IsAcknowledgeable)
        {
            Acked = false;
            Confirmed = true; // nothing to confirm before it is acknowledged (5.7.2)
        }
    }

    public void Deactivate()
    {
        Active = false;
        if (Shelving == ShelvingState.OneShotShelved)
            EndShelving();
    }

    public StatusCode Enable()
    {
        if (Enabled)
            return StatusCodes.BadConditionAlreadyEnabled;
        Enabled = true;
        return StatusCodes.Good;
    }

    public StatusCode Disable()
    {
        if (!Enabled)
            return StatusCodes.BadConditionAlreadyDisabled;
        Enabled = false;
        return StatusCodes.Good;
    }

    public StatusCode Acknowledge()
    {
        if (!Enabled)
            return StatusCodes.BadConditionDisabled;
        if (Acked)
            return StatusCodes.BadConditionBranchAlreadyAcked;
        Acked = true;
        Confirmed = !IsConfirmable;
        return StatusCodes.Good;
    }

    public StatusCode Confirm()
    {
        if (!Enabled)
            return StatusCodes.BadConditionDisabled;
        if (Confirmed)
            return StatusCodes.BadConditionBranchAlreadyConfirmed;
        Confirmed = true;
        return StatusCodes.Good;
    }

    public StatusCode SetSuppressed(bool suppressed)
    {
        if (!Enabled)
            return StatusCodes.BadConditionDisabled;
        if (Suppressed == suppressed)
            return StatusCodes.BadInvalidState;
        Suppressed = suppressed;
        return StatusCodes.Good;
    }

    public StatusCode SetOutOfService(bool outOfService)
    {
        if (!Enabled)
            return StatusCodes.BadConditionDisabled;
        if (OutOfService == outOfService)
            return StatusCodes.BadInvalidState;
        OutOfService = outOfService;
        return StatusCodes.Good;
    }

    /// <param name="now">UTC ticks.</param>
    /// <param name="milliseconds">How long; more than nothing and not more than the limit.</param>
    public StatusCode ShelveFor(long now, double milliseconds)
    {
        if (!Enabled)
            return StatusCodes.BadConditionDisabled;
        if (Shelving == ShelvingState.TimedShelved)
            return StatusCodes.BadConditionAlreadyShelved;

        // Written so that a NaN is refused; a thousand years fit into the ticks that are left.
        if (!(milliseconds > 0) || milliseconds > Math.Min(MaxShelvedTicks, TimeSpan.FromDays(365_000).Ticks) / (double)TimeSpan.TicksPerMillisecond)
            return StatusCodes.BadShelvingTimeOutOfRange;
        Shelving = ShelvingState.TimedShelved;
        UnshelveAt = now + Math.Max((long)(milliseconds * TimeSpan.TicksPerMillisecond), 1);
        return StatusCodes.Good;
    }

    /// <summary>Shelved until the condition is over, or for as long as the limit allows.</summary>
    public StatusCode ShelveOnce(long now)
    {
        if (!Enabled)
            return StatusCodes.BadConditionDisabled;
        if (Shelving == ShelvingState.OneShotShelved)
            return StatusCodes.BadConditionAlreadyShelved;
        Shelving = ShelvingState.OneShotShelved;
        UnshelveAt = MaxShelvedTicks == long.MaxValue ? long.MaxValue : now + MaxShelvedTicks;
        return StatusCodes.Good;
    }

    public StatusCode Unshelve()
    {
        if (!Enabled)
            return StatusCodes.BadConditionDisabled;
        if (Shelving == ShelvingState.Unshelved)
            return StatusCodes.BadConditionNotShelved;
        EndShelving();
        return StatusCodes.Good;
    }

    /// <returns>True when the time of shelving was over.</returns>
    public bool OnTime(long now)
    {
        if (Shelving == ShelvingState.Unshelved || now < UnshelveAt)
            return false;
        EndShelving();
        return true;
    }

    private void EndShelving()
    {
        Shelving = ShelvingState.Unshelved;
        UnshelveAt = long.MaxValue;
    }
}
