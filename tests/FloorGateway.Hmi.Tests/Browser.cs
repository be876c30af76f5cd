using FloorGateway.TestKit.Foreign;

namespace FloorGateway.Hmi.Tests;

/// <summary>One browser for the tests of a class, which follow each other: to start one takes longer than most of them.</summary>
public sealed class Browser : IAsyncLifetime
{
    public ChromiumPage Page { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Page = await ChromiumPage.OpenAsync(new Uri("about:blank"));

    public ValueTask DisposeAsync() => Page.DisposeAsync();
}
