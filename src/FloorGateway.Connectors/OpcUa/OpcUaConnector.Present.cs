using FloorGateway.Model.Samples;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>
/// After a restart whose subscriptions go on, the server sends what changes from then on. What has not changed is asked for once, for the screens: a machine that has
/// stood for hours is in no state at all otherwise, and an alarm that is active is not seen.
/// </summary>
public sealed partial class OpcUaConnector
{
    // What the server has at hand is enough: whatever changes comes by subscription.
    private const double AnyAge = int.MaxValue;

    private Task showing = Task.CompletedTask;
    private bool isUnseen;

    private void ShowOnce()
    {
        if (!isUnseen || subscription?.Client is not { } client || !showing.IsCompleted)
            return;
        isUnseen = false;
        showing = Task.Run(() => ShowAsync(client, unitCheck.Token));
    }

    private async Task ShowAsync(UaClient client, CancellationToken cancel)
    {
        try
        {
            var nodes = await ResolveAsync(client, [.. Enumerable.Range(0, items.Count).Select(i => (uint)i)], cancel).ConfigureAwait(false);
            var values = await client.ReadAsync([.. nodes.Select(n => new ReadValueId { NodeId = n.Node, AttributeId = AttributeIds.Value })], maxAgeMs: AnyAge, cancel: cancel).ConfigureAwait(false);
            var now = time.GetUtcNow().UtcTicks;
            using var present = new SampleBatch(values.Length);
            for (var i = 0; i < values.Length; i++)
            {
                var value = values[i];
                if (options.DecodeStructures && value.Value.Type == BuiltInType.ExtensionObject)
                    value = value with { Value = await client.DataTypes.DecodeAsync(value.Value, cancel).ConfigureAwait(false) };
                AddFetched(present, nodes[i].Handle, value, now, SampleOrigin.Initial);
            }

            await sink.ShowAsync(options.Server, present, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The connector stops.
        }
        catch (Exception e) when (e is UaServiceException or ChannelException or ObjectDisposedException)
        {
            LogNotShown(options.Server, e.Message);
        }
    }
}
