using System.Collections.Concurrent;
using System.Net;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Server;

/// <summary>An OPC UA server on TCP with the nodes of an <see cref="AddressSpace.AddressSpace"/>.</summary>
public sealed partial class UaServer : IAsyncDisposable
{
    /// <summary>How often the own certificate is looked at: a renewed file is in use a minute later.</summary>
    private static readonly TimeSpan CertificateInterval = TimeSpan.FromMinutes(1);

    private readonly UaServerOptions options;
    private readonly ServiceDispatcher dispatcher;
    private readonly ServerChannelListener listener;
    private readonly Handler handler;
    private readonly Scheduler scheduler;
    private readonly ILogger logger;
    private readonly ITimer certificateTimer;
    private readonly CancellationTokenSource stopping = new();
    private ReverseDialer? dialer;
    private int stopped;

    private UaServer(UaServerOptions options, Space space)
    {
        this.options = options;
        Space = space;
        logger = options.LoggerFactory.CreateLogger<UaServer>();
        dispatcher = new ServiceDispatcher(space, options, logger);
        ServerObject.Attach(space, options, dispatcher, space.Clock.GetUtcNow().UtcDateTime);
        handler = new Handler(dispatcher, space.Clock, logger, stopping.Token);
        listener = new ServerChannelListener(
            new ServerChannelOptions
            {
                Endpoints = [.. options.Security.Select(s => new ServerChannelEndpoint(s.Policy, s.Mode))],
                Certificate = options.Certificate,
                Validator = options.CertificateValidator,
                MaxConnections = options.Limits.MaxConnections,
                MaxConnectionsPerAddress = options.Limits.MaxConnectionsPerAddress,
                MaxChannelsWithoutSession = options.Limits.MaxChannelsWithoutSession,
                Time = space.Clock,
                Loggers = options.LoggerFactory,
            },
            handler);
        scheduler = new Scheduler(dispatcher, space.Clock, logger);
        certificateTimer = space.Clock.CreateTimer(static state => ((OwnCertificate)state!).Refresh(), options.Certificate, CertificateInterval, CertificateInterval);
    }

    /// <summary>The nodes; they may be added to, removed and changed while the server runs.</summary>
    public Space Space { get; }

    /// <summary>The port that was bound.</summary>
    public int Port => dispatcher.Discovery.Port;

    /// <summary>Where clients find it, for example <c>opc.tcp://localhost:4840</c>.</summary>
    public string EndpointUrl => dispatcher.Discovery.EndpointUrl;

    /// <summary>Sessions at this moment.</summary>
    public int SessionCount => dispatcher.Sessions.Count;

    /// <summary>Subscriptions at this moment, those without a session included.</summary>
    public int SubscriptionCount => dispatcher.Subscriptions.Count;

    /// <summary>Starts a server.</summary>
    /// <param name="options">What it is and offers.</param>
    /// <param name="space">Its nodes. Its application URI must be the options'.</param>
    /// <param name="cancellationToken">Gives up binding the port.</param>
    /// <exception cref="ArgumentException">The options contradict each other; the message names what to change.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<UaServer> StartAsync(UaServerOptions options, Space space, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(space);
        Check(options, space);
        var server = new UaServer(options, space);
        try
        {
            await server.listener.ListenAsync(new IPEndPoint(options.ListenAddress, options.Port), cancel: cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        server.dispatcher.Discovery.Port = server.listener.EndPoint!.Port;
        if (options.ReverseConnect is { } reverse)
            server.dialer = new ReverseDialer(server.listener, reverse, options.ApplicationUri, server.EndpointUrl, space.Clock, options.LoggerFactory);
        foreach (var deprecated in options.Security.Where(s => s.Policy.IsDeprecated))
            server.logger.DeprecatedEndpoint(server.EndpointUrl, deprecated.Policy.Name, deprecated.Mode);
        foreach (var insecure in options.Security.Where(s => s.Policy.IsNone))
            server.logger.InsecureEndpoint(IPAddress.IsLoopback(options.ListenAddress) ? LogLevel.Information : LogLevel.Warning, server.EndpointUrl, insecure.Policy.Name, insecure.Mode);
        server.logger.Started(options.ApplicationUri, server.EndpointUrl);
        return server;
    }

    /// <summary>Cuts every connection, as a pulled cable does; sessions and subscriptions stay until they time out.</summary>
    public void DropConnections() => handler.DropConnections();

    /// <summary>True turns every connection away and cuts those there are, as a broken network does; sessions and subscriptions stay until they time out.</summary>
    public bool IsCutOff
    {
        get => listener.IsCutOff;
        set
        {
            listener.IsCutOff = value;
            if (value)
                DropConnections();
        }
    }

    /// <summary>Forgets every session and subscription, as a restart does; connections stay.</summary>
    public void DropSessions()
    {
        dispatcher.Sessions.CloseAll();
        dispatcher.Subscriptions.CloseAll();
    }

    /// <summary>Closes sessions and channels and frees the port. The address space can be served again.</summary>
    public Task StopAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref stopped, 1) != 0)
            return;
        if (dialer is not null)
            await dialer.DisposeAsync().ConfigureAwait(false);
        await certificateTimer.DisposeAsync().ConfigureAwait(false);
        await scheduler.DisposeAsync().ConfigureAwait(false);
        dispatcher.Sessions.CloseAll();
        await stopping.CancelAsync().ConfigureAwait(false);
        await listener.DisposeAsync().ConfigureAwait(false);
        dispatcher.Subscriptions.CloseAll();
        stopping.Dispose();
        logger.Stopped(options.ApplicationUri);
    }

    private static void Check(UaServerOptions options, Space space)
    {
        var errors = new List<string>();
        if (options.Security.Count == 0)
            errors.Add("Security offers no endpoint: add a policy with a mode.");
        if (!options.AllowDeprecatedPolicies && options.Security.FirstOrDefault(s => s.Policy.IsDeprecated) is { } broken)
            errors.Add($"{broken.Policy} rests on SHA-1 and is broken: take it from Security, or set AllowDeprecatedPolicies where clients speak nothing better.");
        if (options.Security.Any(s => !s.Policy.IsNone) && options.CertificateValidator is null)
            errors.Add("A secured endpoint is offered but there is no CertificateValidator to decide on clients' certificates.");
        if (!options.AllowAnonymous && options.Users is null && options.UserCertificates is null)
            errors.Add("Anonymous sessions are refused and there are neither Users nor UserCertificates: nobody could log in.");
        if (options.Certificate.Current.ApplicationUri != options.ApplicationUri)
            errors.Add($"The certificate was made for '{options.Certificate.Current.ApplicationUri}', not for ApplicationUri '{options.ApplicationUri}': clients would refuse it.");
        foreach (var url in options.ReverseConnect?.ClientUrls ?? [])
        {
            if (!EndpointAddress.TryParse(url, out _))
                errors.Add($"ReverseConnect names \"{url}\", which is no address of a client's listener: write it as opc.tcp://host:port.");
        }

        if (space.NamespaceUris[1] != options.ApplicationUri)
            errors.Add($"The address space was made for '{space.NamespaceUris[1]}', not for ApplicationUri '{options.ApplicationUri}'.");
        if (errors.Count != 0)
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
    }

    /// <summary>Decodes requests, hands them to the services and sends the responses.</summary>
    private sealed class Handler(ServiceDispatcher dispatcher, TimeProvider clock, ILogger logger, CancellationToken stopping) : IServerChannelHandler
    {
        private readonly ConcurrentDictionary<ServerSecureChannel, ChannelAdapter> channels = new();

        public async ValueTask OnRequestAsync(ServerSecureChannel channel, ReceivedMessage message)
        {
            var adapter = channels.GetOrAdd(channel, static c => new ChannelAdapter(c));
            var requestId = message.RequestId;
            IUaRequest? request;
            StatusCode status;
            uint handle;
            using (message)
                request = Decode(message, channel.IsDiscoveryOnly, out status, out handle);
            if (request is null)
            {
                logger.BadRequest(status);
                var fault = new ServiceFault { ResponseHeader = new ResponseHeader { ServiceResult = status, RequestHandle = handle } };
                await channel.SendResponseAsync(requestId, fault).ConfigureAwait(false);
                return;
            }

            var response = dispatcher.Handle(adapter, requestId, request, channel.IsDiscoveryOnly, out var encoded);
            if (response is ActivateSessionResponse { ResponseHeader.ServiceResult.IsBad: false })
                channel.AllowLargeMessages();
            if (adapter.TakeDelay() is { Ticks: > 0 } delay)
                await DelayAsync(delay).ConfigureAwait(false);
            if (encoded is not null)
                await channel.SendResponseAsync(requestId, encoded).ConfigureAwait(false);
            else if (response is not null)
                await channel.SendResponseAsync(requestId, response, adapter.ResponseLimit).ConfigureAwait(false);
            else
                await adapter.TakenAsync().ConfigureAwait(false);
        }

        public bool IsInUse(ServerSecureChannel channel) => channels.TryGetValue(channel, out var adapter) && dispatcher.Sessions.IsActiveOn(adapter);

        private async ValueTask DelayAsync(TimeSpan delay)
        {
            try
            {
                await Task.Delay(delay, clock, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The server stops: the answer may go out at once.
            }
        }

        public void DropConnections()
        {
            foreach (var (channel, _) in channels)
                channel.Abort(StatusCodes.BadConnectionClosed);
        }

        public void OnChannelClosed(ServerSecureChannel channel, StatusCode reason)
        {
            if (channels.TryRemove(channel, out var adapter))
                dispatcher.Sessions.ChannelClosed(adapter);
        }

        private static IUaRequest? Decode(ReceivedMessage message, bool discoveryOnly, out StatusCode status, out uint handle)
        {
            var reader = new UaReader(message.Body, EncodingLimits.Default);
            // What would be refused anyway is not worth decoding for a stranger.
            var refused = discoveryOnly && message.TypeId is not (FindServersRequest.BinaryId or GetEndpointsRequest.BinaryId);
            var request = refused ? null : MessageCodec.DecodeBody(message.TypeId, ref reader) as IUaRequest;
            status = refused ? StatusCodes.BadSecurityPolicyRejected : reader.Failed ? reader.Error : StatusCodes.BadServiceUnsupported;
            handle = 0;
            if (request is not null)
                return request;

            // Every request begins with its header, whatever follows: the client finds its call again by the handle.
            var header = new UaReader(message.Body, EncodingLimits.Default);
            var read = RequestHeader.Decode(ref header);
            handle = header.Failed ? 0 : read.RequestHandle;
            return null;
        }
    }
}
