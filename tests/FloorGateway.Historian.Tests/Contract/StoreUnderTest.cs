using FloorGateway.Model.History;
using FloorGateway.Model.Ports;

namespace FloorGateway.Historian.Tests.Contract;

/// <summary>A store with its way in, its way out and what is to be thrown away with it.</summary>
public sealed record StoreUnderTest(IHistory History, IFeedDestination Destination, params IReadOnlyList<IDisposable> Belongings) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Destination.DisposeAsync();
        if (!ReferenceEquals(History, Destination))
        {
            if (History is IAsyncDisposable store)
                await store.DisposeAsync();
            else
                (History as IDisposable)?.Dispose();
        }

        foreach (var belonging in Belongings)
            belonging.Dispose();
    }
}
