using System.Buffers;
using FloorGateway.Net.InMemory;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Transport;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

/// <summary>Somebody in the middle: passes whole chunks on and may change, repeat or drop them.</summary>
internal sealed class ChunkRelay
{
    private readonly ChannelPair pair;

    public ChunkRelay(ChannelPair pair) => this.pair = pair;

    /// <summary>Gives the chunks to pass on in place of one from the client.</summary>
    public Func<byte[], IEnumerable<byte[]>> FromClient { get; set; } = chunk => [chunk];

    /// <summary>Gives the chunks to pass on in place of one from the server.</summary>
    public Func<byte[], IEnumerable<byte[]>> FromServer { get; set; } = chunk => [chunk];

    public async ValueTask<Connection> ConnectAsync(CancellationToken cancel)
    {
        var toServer = await pair.ConnectInMemoryAsync(cancel);
        var (client, middle) = InMemoryConnection.CreatePair();
        _ = PassAsync(middle, toServer, chunk => FromClient(chunk));
        _ = PassAsync(toServer, middle, chunk => FromServer(chunk));
        return client;
    }

    public static bool IsMessage(byte[] chunk) => ChunkHeader.TryRead(chunk, out var header) && header.Type == MessageType.Message;

    private static async Task PassAsync(Connection from, Connection to, Func<byte[], IEnumerable<byte[]>> change)
    {
        try
        {
            while (true)
            {
                var result = await from.Input.ReadAsync();
                var buffer = result.Buffer;
                while (FrameReader.TryRead(ref buffer, 1 << 20, out _, out var frame) == FrameStatus.Complete)
                {
                    foreach (var chunk in change(frame.ToArray()))
                        await to.Output.WriteAsync(chunk);
                }

                from.Input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                    break;
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // One side went away; the other is told below.
        }

        await to.Output.CompleteAsync();
    }
}
