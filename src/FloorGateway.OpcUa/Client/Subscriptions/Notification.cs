using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// One notification message, still in its pooled bytes. It is valid until the handler that got it has finished; spans and
/// readers taken from it must not outlive that. Call <see cref="Acknowledge"/> once its content is safe: until then the server
/// keeps it and gives it again after a lost connection (OPC 10000-4, 5.14.5).
/// </summary>
public sealed class Notification
{
    private readonly NotificationPool _pool;
    private ReceivedMessage _message;
    private AcknowledgementQueue? _acknowledgements;
    private EncodingLimits _limits = EncodingLimits.Default;
    private long _responseTicks;
    private int _partsOffset;
    private int _parts;
    private bool _rented;

    internal Notification(NotificationPool pool) => _pool = pool;

    public uint SubscriptionId { get; private set; }

    public uint SequenceNumber { get; private set; }

    /// <summary>When the server sent it first: its clock, UTC .NET ticks. 0 for a repeated message of a server that does not say.</summary>
    public long PublishTicks { get; private set; }

    /// <summary>When the server last showed its clock by this message, UTC .NET ticks: with the answer that brought it, long after <see cref="PublishTicks"/> where it came again. 0 = it does not say.</summary>
    public long ServerTicks => Math.Max(_responseTicks, PublishTicks);

    /// <summary>When it arrived: our clock, UTC .NET ticks.</summary>
    public long ReceivedTicks { get; private set; }

    /// <summary>True when it came through Republish after it had been missed.</summary>
    public bool IsRepublished { get; private set; }

    /// <summary>True when the server has more waiting than fitted into this message.</summary>
    public bool MoreNotifications { get; private set; }

    /// <summary>Value changes the message announces.</summary>
    public int DataChangeCount { get; private set; }

    /// <summary>True when the message carries events.</summary>
    public bool HasEvents { get; private set; }

    /// <summary>The subscription's new status when the message tells one (BadTimeout, GoodSubscriptionTransferred).</summary>
    public StatusCode? StatusChange { get; private set; }

    /// <summary>The value changes. Take a new reader for each walk.</summary>
    public DataChangeReader DataChanges => new(_message.Body[_partsOffset..], _parts, _limits);

    /// <summary>A message without data: it only says that the subscription lives.</summary>
    internal bool IsKeepAlive => _parts == 0;

    /// <summary>Messages the server still keeps, at the time of this response.</summary>
    internal List<uint> Available { get; } = [];

    /// <summary>Results of the acknowledgements that rode on the request.</summary>
    internal StatusCode ServiceResult { get; private set; }

    /// <summary>The events; allocates.</summary>
    public IReadOnlyList<EventFieldList> ReadEvents()
    {
        List<EventFieldList> events = [];
        if (!HasEvents)
        {
            return events;
        }

        var reader = new UaReader(_message.Body[_partsOffset..], _limits);
        for (var i = 0; i < _parts && !reader.Failed; i++)
        {
            if (reader.ReadExtensionObject()?.As<EventNotificationList>() is { } list)
            {
                events.AddRange(list.Events);
            }
        }

        return events;
    }

    /// <summary>Lets the server forget the message. The acknowledgement rides on the next Publish. Safe to call more than once.</summary>
    public void Acknowledge()
    {
        var queue = Interlocked.Exchange(ref _acknowledgements, null);
        queue?.Add(SubscriptionId, SequenceNumber);
    }

    /// <summary>Takes a PublishResponse over.</summary>
    /// <returns>Good, or why the bytes are no PublishResponse; the message is the caller's again then.</returns>
    internal StatusCode OpenPublish(ReceivedMessage message, EncodingLimits limits, AcknowledgementQueue acknowledgements)
    {
        var reader = new UaReader(message.Body, limits);
        ReadResponseHeader(ref reader);
        SubscriptionId = reader.ReadUInt32();
        Available.Clear();
        var available = reader.ReadArrayLength(4);
        for (var i = 0; i < available; i++)
        {
            Available.Add(reader.ReadUInt32());
        }

        MoreNotifications = reader.ReadBoolean();
        IsRepublished = false;
        return Open(message, ref reader, limits, acknowledgements);
    }

    /// <summary>Takes a RepublishResponse over.</summary>
    internal StatusCode OpenRepublish(ReceivedMessage message, uint subscriptionId, EncodingLimits limits, AcknowledgementQueue acknowledgements)
    {
        var reader = new UaReader(message.Body, limits);
        ReadResponseHeader(ref reader);
        SubscriptionId = subscriptionId;
        Available.Clear();
        MoreNotifications = false;
        IsRepublished = true;
        return Open(message, ref reader, limits, acknowledgements);
    }

    internal void Rented() => _rented = true;

    internal void Release()
    {
        if (!_rented)
        {
            return;
        }

        _rented = false;
        _acknowledgements = null;
        _message.Dispose();
        _message = default;
        _pool.Return(this);
    }

    private StatusCode Open(ReceivedMessage message, ref UaReader reader, EncodingLimits limits, AcknowledgementQueue acknowledgements)
    {
        SequenceNumber = reader.ReadUInt32();
        PublishTicks = reader.ReadDateTimeTicks();
        if (PublishTicks == 0 && !IsRepublished)
        {
            // Some servers leave it out; the response's own time is the same moment then.
            PublishTicks = _responseTicks;
        }

        _parts = Math.Max(reader.ReadArrayLength(3), 0);
        _partsOffset = reader.Position;
        _limits = limits;
        DataChangeCount = 0;
        HasEvents = false;
        StatusChange = null;
        for (var i = 0; i < _parts && !reader.Failed; i++)
        {
            ReadPart(ref reader);
        }

        if (reader.Failed)
        {
            return reader.Error;
        }

        _message = message;
        _acknowledgements = acknowledgements;
        ReceivedTicks = message.ReceivedTicks;
        return StatusCodes.Good;
    }

    private void ReadPart(ref UaReader reader)
    {
        var typeId = reader.ReadNodeId();
        var encoding = reader.ReadByte();
        if (encoding == (byte)ExtensionObjectBody.None)
        {
            return;
        }

        if (encoding > (byte)ExtensionObjectBody.Xml || !reader.ReadByteString(out var body))
        {
            // Refused as a whole, with what came before it: its end can't be found, so what follows it would be lost in silence.
            reader.Fail(StatusCodes.BadDecodingError);
            return;
        }

        if (encoding == (byte)ExtensionObjectBody.Xml || typeId.NamespaceIndex != 0)
        {
            return;
        }

        var part = new UaReader(body, reader.Limits);
        switch (typeId.Numeric)
        {
            case DataChangeNotification.BinaryId:
                DataChangeCount += Math.Max(part.ReadArrayLength(5), 0);
                break;
            case EventNotificationList.BinaryId:
                HasEvents = true;
                break;
            case StatusChangeNotification.BinaryId:
                StatusChange = part.ReadStatusCode();
                break;
        }

        if (part.Failed)
        {
            reader.Fail(part.Error.Value);
        }
    }

    private void ReadResponseHeader(ref UaReader reader)
    {
        _responseTicks = reader.ReadDateTimeTicks();
        reader.Skip(4);
        ServiceResult = reader.ReadStatusCode();
        reader.ReadDiagnosticInfo();
        for (var count = reader.ReadArrayLength(4); count > 0; count--)
        {
            reader.ReadUtf8(out _);
        }

        reader.ReadExtensionObject();
    }
}
