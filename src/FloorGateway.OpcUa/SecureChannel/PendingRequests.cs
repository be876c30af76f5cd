namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>The requests in flight by request id. Whoever takes one out of the table completes it; there is only one.</summary>
internal sealed class PendingRequests(uint lastId = 0)
{
    private const int MaxPooled = 256;
    private readonly Lock gate = new();
    private readonly Dictionary<uint, PendingRequest> byId = [];
    private readonly Stack<PendingRequest> free = new();
    private readonly List<PendingRequest> overdue = [];
    private Exception? closed;

    public int Count
    {
        get
        {
            lock (gate)
                return byId.Count;
        }
    }

    /// <summary>A request id that no request in flight has; never 0.</summary>
    public uint NextId()
    {
        lock (gate)
            return NextId_NeedsLock();
    }

    /// <summary>Enters a request and gives it its id.</summary>
    public PendingRequest Add(long deadline, bool inline, CancellationToken cancel)
    {
        PendingRequest request;
        lock (gate)
        {
            if (closed is not null)
                throw closed;
            if (!free.TryPop(out var pooled))
                pooled = new PendingRequest(this);
            request = pooled;
            request.Id = NextId_NeedsLock();
            request.Deadline = deadline;
            request.Cancel = cancel;
            request.Inline = inline;
            byId.Add(request.Id, request);
        }

        if (cancel.CanBeCanceled)
            request.Registration = cancel.UnsafeRegister(static state => ((PendingRequest)state!).Owner.Cancel((PendingRequest)state!), request);
        return request;
    }

    /// <summary>Takes a request out; null when it is answered, given up or was never made.</summary>
    public PendingRequest? Take(uint id)
    {
        lock (gate)
            return byId.Remove(id, out var request) ? request : null;
    }

    /// <summary>Fails what is past its deadline and returns how many.</summary>
    public int FailOverdue(long now, Func<uint, Exception> error)
    {
        PendingRequest[] failed;
        lock (gate)
        {
            foreach (var request in byId.Values)
            {
                if (request.Deadline <= now)
                    overdue.Add(request);
            }

            if (overdue.Count == 0)
                return 0;
            failed = [.. overdue];
            overdue.Clear();
            foreach (var request in failed)
                byId.Remove(request.Id);
        }

        foreach (var request in failed)
            request.Fail(error(request.Id));
        return failed.Length;
    }

    /// <summary>Fails everything, and whatever comes later.</summary>
    public void Close(Exception reason)
    {
        PendingRequest[] failed;
        lock (gate)
        {
            closed ??= reason;
            failed = [.. byId.Values];
            byId.Clear();
        }

        foreach (var request in failed)
            request.Fail(reason);
    }

    public void Return(PendingRequest request)
    {
        lock (gate)
        {
            if (free.Count < MaxPooled)
                free.Push(request);
        }
    }

    internal void Cancel(PendingRequest request)
    {
        var cancel = request.Cancel;
        lock (gate)
        {
            if (!byId.TryGetValue(request.Id, out var current) || current != request)
                return;
            byId.Remove(request.Id);
        }

        request.Fail(new OperationCanceledException(cancel));
    }

    private uint NextId_NeedsLock()
    {
        do
            lastId++;
        while (lastId == 0 || byId.ContainsKey(lastId));
        return lastId;
    }
}
