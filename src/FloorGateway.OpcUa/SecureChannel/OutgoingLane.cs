using System.IO.Pipelines;
using System.Threading.Channels;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>
/// The sending half of a channel: a bounded queue and the one loop that chunks, signs and flushes. What is queued together goes
/// out in one flush.
/// </summary>
internal sealed class OutgoingLane
{
    /// <summary>Bytes written before a flush is forced in the middle of a burst: about what a socket takes at once.</summary>
    private const int FlushThreshold = 128 * 1024;

    private readonly PipeWriter output;
    private readonly TokenSet tokens;
    private readonly NegotiatedLimits limits;
    private readonly TimeProvider time;
    private readonly Channel<Outgoing> queue;
    private readonly Action<Exception?> failed;
    private SequenceNumbers sequence;
    private SecurityToken? lastToken;
    private ErrorMessage? farewell;
    private long flushStarted;

    /// <param name="output">Where to.</param>
    /// <param name="tokens">The keys.</param>
    /// <param name="limits">What the peer takes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="capacity">Messages that may wait.</param>
    /// <param name="start">The sequence number to begin with.</param>
    /// <param name="failed">Called at the end.</param>
    /// <param name="inline">Whoever queues a message sends it, unless another does already: saves waking a thread, and is not for callers who hold a lock.</param>
    public OutgoingLane(PipeWriter output, TokenSet tokens, NegotiatedLimits limits, TimeProvider time, int capacity, SequenceNumbers start, Action<Exception?> failed, bool inline = false)
    {
        (this.output, this.tokens, this.limits, this.time, sequence, this.failed) = (output, tokens, limits, time, start, failed);
        queue = Channel.CreateBounded<Outgoing>(new BoundedChannelOptions(capacity) { SingleReader = true, AllowSynchronousContinuations = inline });
    }

    /// <summary>Set before the first OPN is queued.</summary>
    public PeerKeys? Keys { get; set; }

    /// <summary>Put into every chunk; 0 in the OPN that asks for a channel.</summary>
    public uint ChannelId { get; set; }

    /// <summary>Queues a message when there is room; otherwise it stays the caller's.</summary>
    public bool TryEnqueue(in Outgoing message) => queue.Writer.TryWrite(message);

    /// <summary>Queues a message, waiting for room.</summary>
    /// <exception cref="ChannelClosedException">The lane is closed; the body was disposed.</exception>
    public async ValueTask EnqueueAsync(Outgoing message, CancellationToken cancel)
    {
        try
        {
            await queue.Writer.WriteAsync(message, cancel).ConfigureAwait(false);
        }
        catch
        {
            message.Body.Dispose();
            throw;
        }
    }

    /// <summary>Lets the loop send what is queued, then <paramref name="error"/> if there is one, and end.</summary>
    public void Complete(ErrorMessage? error = null)
    {
        farewell ??= error;
        queue.Writer.TryComplete();
    }

    /// <summary>True when the peer has not taken a byte of a flush for that long.</summary>
    public bool IsStalled(TimeSpan limit) => Volatile.Read(ref flushStarted) is not 0 and var started && time.GetElapsedTime(started) > limit;

    /// <summary>Runs until <see cref="Complete"/> or a broken link. Never throws.</summary>
    public async Task RunAsync()
    {
        Exception? reason = null;
        try
        {
            while (await queue.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (queue.Reader.TryRead(out var message))
                {
                    Write(message);
                    if (output.UnflushedBytes >= FlushThreshold && !await FlushAsync().ConfigureAwait(false))
                        return;
                }

                if (!await FlushAsync().ConfigureAwait(false))
                    return;
            }

            if (farewell is not null)
            {
                farewell.Write(output);
                await FlushAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            reason = e;
        }
        finally
        {
            queue.Writer.TryComplete();
            while (queue.Reader.TryRead(out var message))
                message.Body.Dispose();
            failed(reason);
        }
    }

    private async ValueTask<bool> FlushAsync()
    {
        Volatile.Write(ref flushStarted, Math.Max(1, time.GetTimestamp()));
        var result = await output.FlushAsync().ConfigureAwait(false);
        Volatile.Write(ref flushStarted, 0);
        return !result.IsCompleted;
    }

    private void Write(in Outgoing message)
    {
        using var body = message.Body;
        if (message.Type == MessageType.OpenSecureChannel)
        {
            AsymmetricChunk.Write(output, Keys!.Policy, ChannelId, Keys.Own, Keys.PeerDer, Keys.PeerKey, sequence.Next(), message.RequestId, body.Written);
            return;
        }

        var token = tokens.ForSending!;
        if (token != lastToken)
        {
            // The sending keys of a token that is over belong to this loop, so it is this loop that may drop them.
            if (lastToken is not null && lastToken.Sending != SymmetricCrypto.None)
                lastToken.Sending.Dispose();
            lastToken = token;
        }

        if (ChunkWriter.Fits(body.Length, token.Sending, limits))
        {
            ChunkWriter.WriteMessage(output, message.Type, ChannelId, token.Id, token.Sending, ref sequence, message.RequestId, body.Written, limits.SendChunkSize);
            return;
        }

        var error = new ErrorMessage(StatusCodes.BadResponseTooLarge, $"{body.Length} bytes exceed what the peer takes ({limits.SendMaxMessageSize} bytes, {limits.SendMaxChunkCount} chunks).");
        ChunkWriter.WriteAbort(output, ChannelId, token.Id, token.Sending, ref sequence, message.RequestId, error);
    }
}
