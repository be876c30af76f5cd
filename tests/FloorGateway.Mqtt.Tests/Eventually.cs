namespace FloorGateway.Mqtt.Tests;

/// <summary>Waits for a state that another task brings about and that nothing announces.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Harness.Patience);
        while (!condition())
            await Task.Delay(2, patience.Token);
    }
}
