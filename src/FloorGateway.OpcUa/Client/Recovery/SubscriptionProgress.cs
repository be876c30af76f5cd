using FloorGateway.OpcUa.Client.Subscriptions;

namespace FloorGateway.OpcUa.Client.Recovery;

/// <summary>What the recovery knows of one subscription: whether it lives on the server, and up to when its data is complete. Pure; one owner.</summary>
public sealed class SubscriptionProgress
{
    private string? _cause;

    /// <param name="isAlive">True when an earlier run left the subscription on the server.</param>
    /// <param name="goodTicks">The server's time up to which data is complete from an earlier run, UTC .NET ticks; 0 = there was none.</param>
    /// <param name="cause">Why an earlier run's subscription can't be taken over, when that is known.</param>
    public SubscriptionProgress(bool isAlive = false, long goodTicks = 0, string? cause = null)
    {
        IsAlive = isAlive;
        GoodTicks = goodTicks;
        _cause = cause;
    }

    /// <summary>Whether the subscription is believed to live on the server.</summary>
    public bool IsAlive { get; private set; }

    /// <summary>The server's time up to which everything was delivered, UTC .NET ticks; 0 = nothing ever was.</summary>
    public long GoodTicks { get; private set; }

    /// <summary>Everything up to this time of the server was delivered. A time before the last one means that the server's clock was set back: it is followed.</summary>
    public void Good(long serverTicks)
    {
        if (serverTicks != 0)
        {
            GoodTicks = serverTicks;
        }
    }

    /// <summary>The server does not have it any more. The first reason stays: later ones are consequences.</summary>
    public void Lose(string reason)
    {
        IsAlive = false;
        _cause ??= reason;
    }

    /// <summary>The same for a part of its items that gets a subscription of its own. It does not live yet.</summary>
    public SubscriptionProgress Split() => new(goodTicks: GoodTicks, cause: _cause);

    /// <summary>It was created, and every item is watched from this time of the server on.</summary>
    /// <param name="serverTicks">The server's clock, UTC .NET ticks.</param>
    /// <param name="silence">How long nothing was heard of it, by our clock: bounds the gap where the server's clock was set back meanwhile.</param>
    /// <returns>What lies between, or null where nothing was watched before.</returns>
    public SubscriptionGap? Created(long serverTicks, TimeSpan silence = default)
    {
        IsAlive = true;
        SubscriptionGap? gap = null;
        if (GoodTicks != 0)
        {
            // What was lost may bear the time before the clock was set back, or the one after it.
            gap = serverTicks >= GoodTicks
                ? new SubscriptionGap(GoodTicks, serverTicks, _cause ?? "the subscription was made anew")
                : new SubscriptionGap(Math.Max(serverTicks - silence.Ticks, 1), GoodTicks + silence.Ticks, $"{_cause ?? "the subscription was made anew"}; the server's clock was set back");
        }

        _cause = null;
        Good(serverTicks);
        return gap;
    }
}
