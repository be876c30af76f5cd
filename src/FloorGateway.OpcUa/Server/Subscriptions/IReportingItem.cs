using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>What monitored items of values and of events have in common.</summary>
internal interface IReportingItem
{
    uint Id { get; }

    uint ClientHandle { get; }

    MonitoringMode Mode { get; }

    /// <summary>True when other items report with this one (SetTriggering).</summary>
    bool IsTrigger { get; set; }

    void SetMode(MonitoringMode mode);

    /// <summary>Reports what is queued although the item only samples: its triggering item has something to report (OPC 10000-4, 5.13.1.6).</summary>
    void Release();
}
