using System.Collections.Concurrent;
using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>Watches state and ServiceLevel of the server in use, and asks the others of a redundant set when it does badly.</summary>
internal sealed class ServerWatch(UaClientOptions options, ISubscriptionHandler handler, TimeProvider time, ILoggerFactory loggers, ILogger log)
{
    private bool _toldState;
    private bool _learned;

    public RedundantSet Servers { get; } = new(options.EndpointUrl, options.RedundantUrls);

    /// <summary>The options for the server in use.</summary>
    public UaClientOptions Options => options with { EndpointUrl = Servers.Current, Connect = Servers.Current == options.EndpointUrl ? options.Connect : null };

    /// <summary>
    /// Asks a server that belongs to a non-transparent redundant set where the others are (ServerUriArray, then FindServers; OPC 10000-4, 6.6.2.4.5). Believed on a
    /// protected channel only: others could send us anywhere.
    /// </summary>
    public async ValueTask LearnAsync(UaClient client, CancellationToken cancel)
    {
        if (_learned || client.Options.SecurityMode == MessageSecurityMode.None)
        {
            return;
        }

        _learned = true;
        try
        {
            var values = await client.ReadValuesAsync([VariableIds.Server_ServerRedundancy_RedundancySupport, VariableIds.Server_ServerRedundancy_ServerUriArray], cancel).ConfigureAwait(false);
            if (!values[0].Value.TryGetInt64(out var support) || (RedundancySupport)support is RedundancySupport.None or RedundancySupport.Transparent
                || values[1].Value.AsArray<string?>() is not { Length: > 0 } uris)
            {
                return;
            }

            var request = new FindServersRequest { EndpointUrl = client.Options.EndpointUrl, ServerUris = uris };
            var found = await client.InvokeAsync<FindServersResponse>(request, cancel).ConfigureAwait(false);
            Servers.Learn(found.Servers.Where(s => s.ApplicationUri != client.Endpoint.Server.ApplicationUri && uris.Contains(s.ApplicationUri))
                .Select(s => s.DiscoveryUrls?.FirstOrDefault(u => u?.StartsWith("opc.tcp:", StringComparison.OrdinalIgnoreCase) == true)).OfType<string>());
        }
        catch (UaServiceException e) when (RecoveryEvents.KindOf(e.Status) == RecoveryEventKind.Refused)
        {
            ClientLog.NotAsked(log, client.Options.EndpointUrl, "the others", e.Message);
        }
    }

    /// <summary>Looks at the server in use. Gives a reason to leave it, or null.</summary>
    public async ValueTask<RecoveryEvent?> LookAsync(UaClient client, CancellationToken cancel)
    {
        var running = client.ServerState == ServerState.Running;
        if (running == _toldState)
        {
            _toldState = !running;
            if (running)
            {
                ClientLog.RunningAgain(log, client.Options.EndpointUrl);
            }
            else
            {
                ClientLog.NotRunning(log, client.Options.EndpointUrl, client.ServerState);
            }

            handler.OnServerState(client.ServerState);
        }

        var level = running ? client.ServiceLevel : (byte)0;
        return level >= RedundantSet.Healthy || !Servers.HasOthers
            ? null
            : await AskOthersAsync(level, running ? $"its ServiceLevel fell to {level}" : $"it is {client.ServerState}", cancel).ConfigureAwait(false);
    }

    /// <summary>The server in use could not be reached. Gives a reason to leave it, or null.</summary>
    public async ValueTask<RecoveryEvent?> FailedAsync(string reason, CancellationToken cancel) =>
        Servers.Failed() ? await AskOthersAsync(-1, reason, cancel).ConfigureAwait(false) : null;

    private async ValueTask<RecoveryEvent?> AskOthersAsync(int level, string reason, CancellationToken cancel)
    {
        var levels = new ConcurrentDictionary<string, byte>();
        await Task.WhenAll(Servers.Others.Select(url => AskAsync(url, levels, cancel))).ConfigureAwait(false);
        if (RedundantSet.Better(level, levels) is not { } better)
        {
            return null;
        }

        ClientLog.MovingTo(log, Servers.Current, better, reason);
        var left = Servers.Current;
        Servers.Move(better);
        return new RecoveryEvent(RecoveryEventKind.FailOver, Reason: $"moved from {left} to {better}: {reason}");
    }

    private async Task AskAsync(string url, ConcurrentDictionary<string, byte> levels, CancellationToken cancel)
    {
        try
        {
            var client = await UaClient.ConnectAsync(options with { EndpointUrl = url, Connect = null, KeepAliveInterval = TimeSpan.Zero }, time, loggers, cancel).ConfigureAwait(false);
            await using (client.ConfigureAwait(false))
            {
                levels[url] = client.ServerState == ServerState.Running ? client.ServiceLevel : (byte)0;
            }
        }
        catch (Exception e) when (e is UaServiceException or ChannelException or IOException)
        {
            ClientLog.NotAsked(log, options.EndpointUrl, url, e.Message);
        }
    }
}
