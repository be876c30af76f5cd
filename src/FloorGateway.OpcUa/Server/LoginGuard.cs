namespace FloorGateway.OpcUa.Server;

/// <summary>
/// Counts failed logins and says how long each refusal takes and who is locked. A pair of user and address is locked, never a user
/// everywhere: nobody locks an operator out from the desk next door. Refusals slow down by address as well, so trying one password on many
/// names is no way round. Thread-safe.
/// </summary>
internal sealed class LoginGuard(TimeProvider time, LoginLimits limits)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string? User, string Address), Entry> entries = [];

    /// <summary>Pairs and addresses remembered.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return entries.Count;
        }
    }

    /// <summary>True while this user may not try from this address, whatever the password. The attempt is delayed as a failed one, and does not make the lock longer.</summary>
    public bool IsLocked(string user, string address, out TimeSpan delay)
    {
        lock (gate)
        {
            var locked = Find_NeedsLock((user, address)) is { } entry && entry.LockedUntil > time.GetTimestamp();
            delay = locked ? Delay_NeedsLock(user, address) : default;
            return locked;
        }
    }

    /// <summary>Notes a failure.</summary>
    /// <param name="user">Who the client said it was.</param>
    /// <param name="address">Where it came from.</param>
    /// <param name="delay">How long to wait with the answer.</param>
    /// <returns>True when this failure locked the pair.</returns>
    public bool Failed(string user, string address, out TimeSpan delay)
    {
        lock (gate)
        {
            Note_NeedsLock((null, address));
            var entry = Note_NeedsLock((user, address));
            delay = Delay_NeedsLock(user, address);
            if (entry.Failures < limits.MaxFailures)
                return false;
            entry.Failures = 0;
            entry.LockedUntil = time.GetTimestamp() + (long)(limits.LockTime.TotalSeconds * time.TimestampFrequency);
            return true;
        }
    }

    /// <summary>The user showed the right password: its failures are forgotten, those of the address are not.</summary>
    public void Succeeded(string user, string address)
    {
        lock (gate)
            entries.Remove((user, address));
    }

    private TimeSpan Delay_NeedsLock(string user, string address)
    {
        var failures = Math.Max(Find_NeedsLock((user, address))?.Total ?? 0, Find_NeedsLock((null, address))?.Total ?? 0);
        var doubled = limits.FirstDelay * Math.Pow(2, Math.Clamp(failures - 1, 0, 20));
        return doubled < limits.MaxDelay ? doubled : limits.MaxDelay;
    }

    private Entry? Find_NeedsLock((string? User, string Address) key) =>
        entries.TryGetValue(key, out var entry) && time.GetElapsedTime(entry.LastFailure) < limits.ForgetAfter ? entry : null;

    private Entry Note_NeedsLock((string? User, string Address) key)
    {
        var entry = Find_NeedsLock(key);
        if (entry is null)
        {
            MakeRoom_NeedsLock();
            entry = entries[key] = new Entry();
        }

        entry.Failures++;
        entry.Total++;
        entry.LastFailure = time.GetTimestamp();
        return entry;
    }

    // A quarter at a time, so that a flood of names does not pay for a search with each one.
    private void MakeRoom_NeedsLock()
    {
        if (entries.Count < limits.MaxEntries)
            return;
        foreach (var (key, _) in entries.OrderBy(e => e.Value.LastFailure).Take(Math.Max(1, limits.MaxEntries / 4)).ToArray())
            entries.Remove(key);
    }

    private sealed class Entry
    {
        public int Failures { get; set; }

        public int Total { get; set; }

        public long LastFailure { get; set; }

        public long LockedUntil { get; set; } = long.MinValue;
    }
}
