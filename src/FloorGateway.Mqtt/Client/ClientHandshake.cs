using System.Buffers;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Net.Transport;

namespace FloorGateway.Mqtt.Client;

/// <summary>CONNECT out, CONNACK in.</summary>
internal static class ClientHandshake
{
    /// <summary>Gives what was agreed, or why not. I/O errors and cancellation are thrown.</summary>
    public static async Task<(MqttNegotiated? Link, MqttFault Fault)> RunAsync(
        Connection connection, MqttClientOptions options, string clientId, bool first, CancellationToken cancel)
    {
        var connect = options.ToConnect(clientId, first);
        connect.Write(connection.Output);
        await connection.Output.FlushAsync(cancel);
        while (true)
        {
            var result = await connection.Input.ReadAsync(cancel);
            var buffer = result.Buffer;
            var status = MqttFrame.TryRead(ref buffer, options.Limits.MaximumPacketSize, out var frame, out var fault);
            var ack = status == MqttFrameStatus.Complete ? Read(frame, connect.Version, options.Limits, out fault) : null;
            // What follows CONNACK stays for the session.
            connection.Input.AdvanceTo(buffer.Start, ack is null ? buffer.End : buffer.Start);
            if (fault.IsFault)
                return (null, fault);
            if (ack is { Reason: not MqttReasonCode.Success })
                return (null, new MqttFault(ack.Reason, ack.ReasonString ?? $"The server refused the connection: {ack.Reason}."));
            if (ack is not null)
                return Check(options, connect, ack);
            if (result.IsCompleted)
                return (null, new MqttFault(MqttReasonCode.ServerUnavailable, "The server closed the connection without a CONNACK."));
        }
    }

    private static ConnAckPacket? Read(
        in MqttFrame frame, MqttProtocolVersion version, MqttLimits limits, out MqttFault fault)
    {
        if (frame.Type == MqttPacketType.ConnAck)
            return ConnAckPacket.TryRead(frame.Body.ToArray(), version, limits, out fault);
        fault = MqttFault.Protocol("The server's first packet is not CONNACK.");
        return null;
    }

    private static (MqttNegotiated? Link, MqttFault Fault) Check(MqttClientOptions options, ConnectPacket connect, ConnAckPacket ack)
    {
        if (ack.SessionPresent && connect.CleanStart)
            return (null, MqttFault.Protocol("The server kept a session though a clean start was asked for.")); // [MQTT-3.2.2-2]
        return (MqttNegotiated.From(options, connect, ack), default);
    }
}
