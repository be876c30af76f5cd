namespace Benchmarks.Chain;

/// <summary>What the chain benchmark does.</summary>
internal sealed record ChainOptions
{
    /// <summary>Time that counts.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time before it: the runtimes compile what is used.</summary>
    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Value changes a second, all variables together.</summary>
    public double Rate { get; init; } = 20_000;

    public int Variables { get; init; } = 1000;

    /// <summary>mosquitto's <c>max_inflight_messages</c>, which it tells its clients as Receive Maximum; 20 is what it is installed with.</summary>
    public int ReceiveMaximum { get; init; } = 20;

    public IReadOnlyList<int> Qos { get; init; } = [1, 0];

    /// <summary>Measurements of each row; the median counts.</summary>
    public int Rounds { get; init; } = 3;

    public bool Product { get; init; } = true;

    public bool Peer { get; init; } = true;
}
