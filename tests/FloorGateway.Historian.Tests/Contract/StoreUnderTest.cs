using FloorGateway.Model.History;
using FloorGateway.Model.Ports;

namespace FloorGateway.Historian.Tests.Contract;

/// <summary>A store with its way in, its way out and what is to be thrown away with it.</summary>
public sealed record StoreUnderTest(IHistory History, IFeedDestination Destination, params IDisposable[] Belongings) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Destination.DisposeAsync();
        foreach (var belonging in Belongings)
            belonging.Dispose();
    }
}
