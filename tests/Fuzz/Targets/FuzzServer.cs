using System.Buffers;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Conditions;
using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Fuzz.Making;
using Microsoft.Extensions.Logging;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace Fuzz.Targets;

/// <summary>Our server's services with two channels, on a clock that goes on when told. Whatever it posts must be encoded well; whatever it logs as an exception is a defect.</summary>
internal sealed class FuzzServer
{
    private readonly ManualTimeProvider clock = new();
    private readonly ServiceDispatcher dispatcher;
    private readonly ExceptionLog log = new();
    private readonly List<(Channel Channel, NodeId Token)> sessions = [];
    private readonly KnownIds known = new();
    private readonly Channel[] channels;
    private readonly VariableNode[] variables;
    private readonly bool[] subscribed;
    private readonly ObjectNode folder;
    private readonly EventType eventType;
    private readonly Condition alarm;
    private readonly ArrayBufferWriter<byte> encoded = new();
    private uint requestId;
    private double changes;

    public FuzzServer()
    {
        channels = [new Channel(known), new Channel(known)];
        Space = new Space("urn:example.com:fuzz", clock);
        Space.AddNamespace("http://example.com/fuzz/");
        folder = Space.Objects.AddFolder(FuzzNodes.Folder).MakeNotifier();
        eventType = Space.AddEventType("FuzzEventType", null, ("Serial", BuiltInType.String), ("Speed", BuiltInType.Double));
        variables =
        [
            folder.AddVariable("Double", BuiltInType.Double, value: Variant.From(1.5), writable: true),
            folder.AddVariable("Analog", BuiltInType.Double, eu: "MTS", range: (0, 10), value: Variant.From(2.0), writable: true),
            folder.AddVariable("History", BuiltInType.Double, value: Variant.From(0.0), writable: true),
        ];
        variables[2].KeepHistory(50);
        folder.AddVariable("Text", BuiltInType.String, value: Variant.From("abc"), writable: true);
        folder.AddVariable("Bytes", BuiltInType.ByteString, value: Variant.From(new byte[] { 1, 2, 3 }), writable: true);
        folder.AddVariable("Array", BuiltInType.Int32, value: Variant.From(new[] { 1, 2, 3, 4 }), writable: true, valueRank: 1);
        folder.AddVariable("Matrix", BuiltInType.Double, value: Variant.FromMatrix(BuiltInType.Double, new double[6], [2, 3]), writable: true, valueRank: 2);
        folder.AddVariable("Texts", BuiltInType.LocalizedText, value: Variant.From([new LocalizedText("a"), new LocalizedText("b")]), writable: true, valueRank: 1);
        folder.AddVariable("Anything", BuiltInType.Variant, value: Variant.From(1), writable: true, valueRank: ValueRanks.Any);
        folder.AddVariable("Computed", BuiltInType.DateTime).OnRead = () => new DataValue(Variant.From(clock.GetUtcNow().UtcDateTime));
        folder.AddMethod("Method", (_, inputs) => (StatusCodes.Good, inputs), [new("a", BuiltInType.Int32), new("b", BuiltInType.Variant)], [new("a", BuiltInType.Int32), new("b", BuiltInType.Variant)]);
        var wide = folder.AddFolder("Wide");
        for (var i = 0; i < 300; i++)
            wide.AddVariable($"{i}", BuiltInType.Int32, value: Variant.From(i));
        alarm = folder.AddCondition("Alarm", new ConditionOptions { Confirmable = true, Suppressible = true, Removable = true });
        folder.AddLimitAlarm("Limits", new LimitAlarmOptions { High = 5, HighHigh = 8, Low = 1, Input = variables[1] });
        subscribed = [.. variables.Select(v => v.HasSubscribers)];
        var options = new UaServerOptions
        {
            ApplicationName = "fuzz",
            ApplicationUri = "urn:example.com:fuzz",
            Certificate = ApplicationCertificate.CreateSelfSigned(new ApplicationCertificateOptions { ApplicationName = "fuzz", ApplicationUri = "urn:example.com:fuzz" }),
            AnonymousMayWrite = true,
            Security = [EndpointSecurity.None],
            // Small enough that inputs get there.
            Limits = new ServerLimits { MaxSessions = 10, MaxWhereElements = 30, MaxSubscriptions = 12, MaxSubscriptionsPerSession = 6, MaxReferencesPerNode = 100, MaxReferencesPerBrowse = 2000, MaxMonitoredItemsPerSubscription = 200, MaxRetransmissionMessages = 5, MaxBrowseContinuationPoints = 5 },
        };
        dispatcher = new ServiceDispatcher(Space, options, log);
        ServerObject.Attach(Space, options, dispatcher, clock.GetUtcNow().UtcDateTime);
    }

    public Space Space { get; }

    /// <summary>What was done with success so far: requests by their type, methods by their id, and whether events came. Tells whether inputs get anywhere.</summary>
    public HashSet<string> Reached { get; } = [];

    /// <summary>Two sessions, each on a channel of its own.</summary>
    public void Begin()
    {
        foreach (var channel in channels)
        {
            var created = (CreateSessionResponse)Handle(channel, new CreateSessionRequest { SessionName = "fuzz", RequestedSessionTimeout = 600_000, ClientDescription = new ApplicationDescription { ApplicationUri = "urn:example.com:client" } }, default)!;
            Handle(channel, new ActivateSessionRequest(), created.AuthenticationToken);
            sessions.Add((channel, created.AuthenticationToken));
        }
    }

    /// <summary>Serves a request under a session, or for 3 under the token that it brings.</summary>
    public StatusCode Serve(IUaRequest request, int session)
    {
        known.Fill(request);
        var (channel, token) = session == 3 ? (channels[0], request.RequestHeader.AuthenticationToken) : sessions[session % sessions.Count];
        var response = Handle(channel, request, token);
        if (response is CreateSessionResponse { ResponseHeader.ServiceResult.IsBad: false } created)
            sessions.Add((channel, created.AuthenticationToken));
        return response?.ResponseHeader.ServiceResult ?? StatusCode.Good;
    }

    /// <summary>New values and events, as equipment produces them.</summary>
    public void Change()
    {
        foreach (var variable in variables)
            variable.SetValue(changes++ % 10);
        folder.RaiseEvent(eventType, (ushort)(changes * 7), "fuzz", Variant.From($"S-{changes}"), Variant.From(changes));
        if (alarm.IsActive)
            alarm.Deactivate("over");
        else
            alarm.Activate(700, "fuzz");
        known.LearnEvent(alarm.EventId.ToArray());
    }

    public void Pass(double milliseconds)
    {
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        dispatcher.Subscriptions.Tick();
        dispatcher.Sessions.Expire();
        Check();
    }

    /// <summary>All sessions end with their subscriptions, and what stayed without a session is closed as at a server's stop.</summary>
    public void End()
    {
        foreach (var (channel, token) in sessions)
            Handle(channel, new CloseSessionRequest { DeleteSubscriptions = true }, token);
        sessions.Clear();
        known.Clear();
        dispatcher.Sessions.CloseAll();
        dispatcher.Subscriptions.CloseAll();
        DefectException.ThrowIf(dispatcher.Sessions.Count != 0 || dispatcher.Subscriptions.Count != 0, $"{dispatcher.Sessions.Count} sessions and {dispatcher.Subscriptions.Count} subscriptions are left");
        for (var i = 0; i < variables.Length; i++)
            DefectException.ThrowIf(variables[i].HasSubscribers != subscribed[i], $"{variables[i].BrowseName} still has monitored items");
        DefectException.ThrowIf(Space.Events.HasSubscribers, "There are still monitored items for events");
        Check();
    }

    private IUaResponse? Handle(Channel channel, IUaRequest request, NodeId token)
    {
        request.RequestHeader.AuthenticationToken = token;
        request.RequestHeader.RequestHandle = ++requestId;
        var response = dispatcher.Handle(channel, requestId, request, discoveryOnly: false, out var body);
        if (body is not null)
        {
            channel.Post(requestId, body);
        }
        else if (response is not null)
        {
            encoded.ResetWrittenCount();
            MessageCodec.Encode(encoded, response);
            DefectException.ThrowIf(MessageCodec.TryDecode(encoded.WrittenSpan, Lenient, out _).IsBad, $"The {response.GetType().Name} can't be decoded");
            DefectException.ThrowIf(response.ResponseHeader.RequestHandle != requestId, $"The {response.GetType().Name} answers another request");
            known.Learn(response);
        }

        Check();
        Note(request, response);
        return response;
    }

    private void Note(IUaRequest request, IUaResponse? response)
    {
        if (response is not { ResponseHeader.ServiceResult.IsBad: true })
            Reached.Add(request.GetType().Name);
        if (channels.Any(c => c.IsEventSeen))
            Reached.Add("event");
        if (request is CallRequest calls && response is CallResponse called)
        {
            foreach (var (call, result) in calls.MethodsToCall.Zip(called.Results))
            {
                if (result.StatusCode.IsGood)
                    Reached.Add(call.MethodId.ToString());
            }
        }

    }

    private static EncodingLimits Lenient { get; } = new() { MaxNestingDepth = 200, MaxElements = int.MaxValue };

    private void Check()
    {
        if (log.Exception is not { } exception)
            return;
        log.Exception = null;
        throw new DefectException($"The server caught and logged: {exception}");
    }

    /// <summary>Checks what is posted and forgets it.</summary>
    private sealed class Channel(KnownIds known) : IServerChannel
    {
        private static uint lastId;

        public uint Id { get; } = ++lastId;

        public bool IsEventSeen { get; private set; }

        public SecurityPolicy Policy => SecurityPolicy.None;

        public MessageSecurityMode Mode => MessageSecurityMode.None;

        public byte[]? ClientCertificate => null;

        public int MaxResponseBytes => 1 << 20;

        public string ClientAddress => "local";

        public void Delay(TimeSpan time)
        {
        }

        public void LimitResponses(int maxBytes)
        {
        }

        public void Post(uint requestId, IUaResponse response) =>
            DefectException.ThrowIf(MessageCodec.TryDecode(Wire.Message(response), Lenient, out _).IsBad, $"The {response.GetType().Name} that came later can't be decoded");

        public void Post(uint requestId, MessageBody body)
        {
            using (body)
            {
                DefectException.ThrowIf(body.Length > MaxResponseBytes, $"A message of {body.Length} bytes was posted");
                DefectException.ThrowIf(MessageCodec.TryDecode(body.Written, Lenient, out var message).IsBad, "A message that was encoded ahead can't be decoded");
                known.Learn((IUaResponse)message!);
                IsEventSeen |= message is PublishResponse { NotificationMessage.NotificationData: { } parts } && parts.Any(p => p?.Decoded is EventNotificationList);
            }
        }
    }

    private sealed class ExceptionLog : ILogger
    {
        public Exception? Exception { get; set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Exception ??= exception;
    }
}
