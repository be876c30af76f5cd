using FloorGateway.Hmi.Api;
using FloorGateway.Hmi.Page;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace FloorGateway.Hmi;

/// <summary>Maps the screens.</summary>
public static class HmiEndpoints
{
    /// <summary>Maps the page at <c>/</c>, the API under <c>/api</c>, <c>/metrics</c> and <c>/healthz</c>. What is returned takes conventions (authorisation) for all of it.</summary>
    public static RouteGroupBuilder MapHmi(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("");
        group.MapGet("/api/tags", TagsApi.Get);
        group.MapGet("/api/history", HistoryApi.GetAsync);
        group.MapGet("/api/gaps", GapsApi.GetAsync);
        group.MapGet("/api/ledger", StatusApi.GetLedger);
        group.MapGet("/api/ledger/tags", StatusApi.GetTagLedger);
        group.MapGet("/metrics", MetricsApi.Get);
        group.MapGet("/api/status", StatusApi.GetStatus);
        group.MapGet("/api/live", LiveApi.GetAsync);
        group.MapGet("/healthz", StatusApi.GetHealth);
        PageFiles.Map(group);
        return group;
    }
}
