namespace FloorGateway.Mqtt.Session;

/// <summary>What a keep-alive clock asks for.</summary>
internal enum KeepAliveStep
{
    None,
    Ping,
    Dead,
}

/// <summary>
/// Keep-alive of a client's connection (MQTT 5 §3.1.2.10), pure: told what was sent and received, it says what is due. A ping is also
/// due when only the peer is silent: a client that publishes QoS 0 all day would never find out that nobody listens.
/// </summary>
internal sealed class KeepAliveClock(TimeProvider time, TimeSpan interval)
{
    private long _sent = time.GetTimestamp();
    private long _received = time.GetTimestamp();
    private bool _pinged;

    /// <summary>How often <see cref="Check"/> is worth calling; infinite when there is no keep-alive.</summary>
    public TimeSpan CheckPeriod => interval == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : interval / 4;

    /// <summary>Something was sent.</summary>
    public void Sent() => Volatile.Write(ref _sent, time.GetTimestamp());

    /// <summary>Something was received.</summary>
    public void Received()
    {
        Volatile.Write(ref _received, time.GetTimestamp());
        Volatile.Write(ref _pinged, false);
    }

    /// <summary>What is due now. <see cref="KeepAliveStep.Ping"/> is answered once until the peer is heard again.</summary>
    public KeepAliveStep Check()
    {
        if (interval == TimeSpan.Zero)
            return KeepAliveStep.None;
        var silence = time.GetElapsedTime(Volatile.Read(ref _received));
        if (silence >= interval * 1.5)
            return KeepAliveStep.Dead;
        // Three quarters: the ping must be at the server before the interval ends, and this is asked four times an interval.
        var quiet = time.GetElapsedTime(Volatile.Read(ref _sent));
        if (_pinged || (silence < interval * 0.75 && quiet < interval * 0.75))
            return KeepAliveStep.None;
        Volatile.Write(ref _pinged, true);
        return KeepAliveStep.Ping;
    }
}
