using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Net.Transport;

namespace FloorGateway.Mqtt.Session;

/// <summary>What a pump asks of the protocol's side that owns it.</summary>
internal interface IPacketHandler
{
    /// <summary>Takes in all whole packets of <paramref name="buffer"/>, advancing it. A fault ends the connection.</summary>
    MqttFault OnReceived(ref ReadOnlySequence<byte> buffer, PacketPump pump);

    /// <summary>Runs after each chunk, outside of any lock: the place to wait where the peer must be slowed.</summary>
    ValueTask AfterReceivedAsync();

    /// <summary>Writes what is due, up to a chunk. False when there was nothing. May end the connection through the pump.</summary>
    bool Fill(PipeWriter output);

    /// <summary>Writes the last packet, where the protocol has one for this end.</summary>
    void WriteGoodbye(PipeWriter output, MqttFault fault);
}

/// <summary>
/// Moves packets between one connection and its handler: one reading and one writing task, both owned by <see cref="RunAsync"/>. The
/// writing task alone touches the output, so packets never interleave and no lock is held over a flush.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has neither timer nor link, so there is nothing to release.")]
internal sealed class PacketPump(Connection connection, TimeProvider time)
{
    /// <summary>Bytes written before a flush: large enough to fill segments, small enough that acknowledgements are not held up.</summary>
    public const int Chunk = 64 * 1024;

    // How long a peer that does not read may hold up the last packet.
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    private readonly AsyncSignal _work = new();
    private byte[]? _scratch;
    private volatile bool _closing;
    private volatile bool _goodbye;
    private MqttFault _fault;
    private Exception? _error;
    private readonly CancellationTokenSource _stop = new();
    private int _ended;

    /// <summary>Why the connection ended on this side, or the default value.</summary>
    public MqttFault Fault => _fault;

    /// <summary>The I/O error that ended it, or null.</summary>
    public Exception? Error => _error;

    /// <summary>Cancelled once the connection ends on this side.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Wakes the writing task.</summary>
    public void Signal() => _work.Set();

    /// <summary>Ends the connection: what was queued is written, then the goodbye, then the link is closed. The first reason wins; false: it was not this one.</summary>
    public bool Close(MqttFault reason, bool goodbye = true)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return false;
        _fault = reason;
        _goodbye = goodbye;
        _closing = true;
        _stop.Cancel();
        _work.Set();
        return true;
    }

    /// <summary>Body of a frame in one piece; copied only when it lies across segments. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Contiguous(in ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment)
            return body.FirstSpan;
        var length = (int)body.Length;
        if (_scratch is null || _scratch.Length < length)
        {
            if (_scratch is not null)
                ArrayPool<byte>.Shared.Return(_scratch);
            _scratch = ArrayPool<byte>.Shared.Rent(length);
        }

        body.CopyTo(_scratch);
        return _scratch.AsSpan(0, length);
    }

    /// <summary>Runs until either side ends the connection, then closes it. Does not throw.</summary>
    public async Task RunAsync(IPacketHandler handler)
    {
        var writing = WriteAsync(handler);
        var reading = ReadAsync(handler);
        await Task.WhenAny(reading, writing);
        Close(default, goodbye: false); // the peer closed, or the writing task has already ended
        try
        {
            await writing.WaitAsync(GoodbyeTimeout, time);
        }
        catch (TimeoutException)
        {
            connection.Abort();
            await writing;
        }

        connection.Input.CancelPendingRead();
        if (!reading.IsCompleted)
        {
            try
            {
                await reading.WaitAsync(GoodbyeTimeout, time);
            }
            catch (TimeoutException)
            {
                connection.Abort();
                await reading;
            }
        }

        await CloseConnectionAsync();
        if (_scratch is not null)
            ArrayPool<byte>.Shared.Return(_scratch);
        _scratch = null;
    }

    private async Task CloseConnectionAsync()
    {
        try
        {
            if (_error is not null)
                connection.Abort();
            await connection.DisposeAsync();
        }
        catch (Exception e)
        {
            _error ??= e;
        }
    }

    private async Task ReadAsync(IPacketHandler handler)
    {
        try
        {
            await Task.Yield();
            while (!_closing)
            {
                var result = await connection.Input.ReadAsync();
                var buffer = result.Buffer;
                var fault = result.IsCanceled ? default : handler.OnReceived(ref buffer, this);
                var unread = !buffer.IsEmpty;
                connection.Input.AdvanceTo(buffer.Start, buffer.End);
                if (fault.IsFault)
                {
                    Close(fault);
                    return;
                }

                await handler.AfterReceivedAsync();
                if (result.IsCompleted || result.IsCanceled)
                {
                    if (unread)
                        _error ??= new IOException("The peer closed the connection in the middle of a packet.");
                    return;
                }
            }
        }
        catch (Exception e)
        {
            _error ??= e;
        }
    }

    private async Task WriteAsync(IPacketHandler handler)
    {
        try
        {
            await Task.Yield();
            while (true)
            {
                await _work.WaitAsync();
                var closing = _closing;
                while ((!closing || _goodbye) && handler.Fill(connection.Output))
                {
                    var flushed = await connection.Output.FlushAsync();
                    if (flushed.IsCompleted || flushed.IsCanceled)
                        return;
                    if (closing)
                        break; // one last chunk: a long queue must not hold up the goodbye
                    closing = _closing;
                }

                if (!_closing)
                    continue;
                if (!_goodbye)
                    return;
                handler.WriteGoodbye(connection.Output, _fault);
                await connection.Output.FlushAsync();
                return;
            }
        }
        catch (Exception e)
        {
            _error ??= e;
        }
    }
}
