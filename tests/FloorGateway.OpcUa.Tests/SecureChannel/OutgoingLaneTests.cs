using System.Buffers;
using System.IO.Pipelines;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Transport;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public class OutgoingLaneTests
{
    private readonly ManualTimeProvider time = new();
    private readonly TokenSet tokens = new(isServer: true);
    private readonly NegotiatedLimits limits = new(8192, 8192, 0, 0, 0, 0);

    public OutgoingLaneTests() => tokens.Install(new SecurityToken(1, time, TimeSpan.FromHours(1), SymmetricCrypto.None, SymmetricCrypto.None));

    [Fact]
    public async Task Sends_what_is_queued_together_in_one_flush()
    {
        var pipe = new Pipe();
        var output = new CountingWriter(pipe.Writer);
        var lane = new OutgoingLane(output, tokens, limits, time, 100, default, _ => { });
        for (var i = 1u; i <= 100; i++)
            Assert.True(lane.TryEnqueue(Message(i, 50)));
        Assert.False(lane.TryEnqueue(Message(101, 50)));
        var running = lane.RunAsync();
        Assert.Equal(1, output.Flushes);
        Assert.True(pipe.Reader.TryRead(out var read));
        Assert.Equal(100 * (24 + 50), read.Buffer.Length);
        lane.Complete();
        await running;
    }

    [Fact]
    public async Task Notices_a_peer_that_takes_nothing()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 100, resumeWriterThreshold: 50, useSynchronizationContext: false));
        var lane = new OutgoingLane(pipe.Writer, tokens, limits, time, 10, default, _ => { });
        lane.TryEnqueue(Message(1, 1000));
        var running = lane.RunAsync();
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(lane.IsStalled(TimeSpan.FromSeconds(30)));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(lane.IsStalled(TimeSpan.FromSeconds(30)));

        var read = await pipe.Reader.ReadAsync();
        pipe.Reader.AdvanceTo(read.Buffer.End);
        lane.Complete();
        await running;
        Assert.False(lane.IsStalled(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Sends_the_queue_before_the_last_word()
    {
        var pipe = new Pipe();
        var lane = new OutgoingLane(pipe.Writer, tokens, limits, time, 10, default, _ => { });
        lane.TryEnqueue(Message(1, 10));
        lane.Complete(new ErrorMessage(0x80010000, "bye"));
        await lane.RunAsync();
        await pipe.Writer.CompleteAsync();
        var read = await pipe.Reader.ReadAsync();
        var bytes = read.Buffer.ToArray();
        Assert.Equal((byte)'M', bytes[0]);
        Assert.Equal((byte)'E', bytes[34]);
    }

    [Fact]
    public async Task A_broken_link_ends_the_loop_and_is_told_once()
    {
        var pipe = new Pipe();
        await pipe.Reader.CompleteAsync();
        var ends = 0;
        var lane = new OutgoingLane(pipe.Writer, tokens, limits, time, 10, default, _ => ends++);
        lane.TryEnqueue(Message(1, 10));
        await lane.RunAsync();
        Assert.Equal(1, ends);
        Assert.False(lane.TryEnqueue(Message(2, 10)));
    }

    private static Outgoing Message(uint requestId, int length)
    {
        var body = MessageBody.Rent();
        body.Write(new byte[length]);
        return new Outgoing(MessageType.Message, requestId, body);
    }

    private sealed class CountingWriter(PipeWriter inner) : PipeWriter
    {
        public int Flushes { get; private set; }

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            Flushes++;
            return inner.FlushAsync(cancellationToken);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
    }
}
