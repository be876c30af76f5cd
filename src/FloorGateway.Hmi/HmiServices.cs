using FloorGateway.Hmi.Live;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Tags;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FloorGateway.Hmi;

/// <summary>Registers what the screens need.</summary>
public static class HmiServices
{
    /// <summary>
    /// Adds the screens. The host registers the ports they read: <see cref="ITagCatalog"/>, <see cref="ILiveTags"/>, <c>ILedger</c>, <c>IGatewayStatus</c>
    /// and, where there is a history, <c>IHistory</c>.
    /// </summary>
    public static IServiceCollection AddHmi(this IServiceCollection services, HmiOptions? options = null)
    {
        services.TryAddSingleton(options ?? new());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LiveChanges>();
        return services;
    }
}
