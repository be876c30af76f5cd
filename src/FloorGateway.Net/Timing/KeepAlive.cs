namespace FloorGateway.Net.Timing;

/// <summary>What a <see cref="KeepAlive"/> asks its owner to do now.</summary>
public enum KeepAliveAction
{
    /// <summary>Nothing is due.</summary>
    None,

    /// <summary>Nothing was sent for an interval: send a ping.</summary>
    Ping,

    /// <summary>The peer has been silent too long: close the connection.</summary>
    Close,
}

/// <summary>Keep-alive of one connection as a pure clock: told what was sent and received, it says what is due.</summary>
public sealed class KeepAlive(TimeProvider time, TimeSpan interval, TimeSpan timeout)
{
    private long lastSent = time.GetTimestamp();
    private long lastReceived = time.GetTimestamp();

    public void Sent() => Volatile.Write(ref lastSent, time.GetTimestamp());

    public void Received() => Volatile.Write(ref lastReceived, time.GetTimestamp());

    /// <summary>What is due now. The caller sends the ping and then calls <see cref="Sent"/>.</summary>
    public KeepAliveAction Check()
    {
        if (time.GetElapsedTime(Volatile.Read(ref lastReceived)) >= timeout)
            return KeepAliveAction.Close;
        return time.GetElapsedTime(Volatile.Read(ref lastSent)) >= interval ? KeepAliveAction.Ping : KeepAliveAction.None;
    }
}
