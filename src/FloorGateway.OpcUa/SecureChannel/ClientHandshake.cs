using System.Net.Sockets;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>From options to a connection on which Hello was acknowledged.</summary>
internal static class ClientHandshake
{
    /// <summary>Checks that policy, mode and certificates go together and that the server is trusted, before anything is dialled.</summary>
    public static PeerKeys CheckSecurity(ClientChannelOptions options)
    {
        if (options.Policy.IsNone)
        {
            if (options.Mode != MessageSecurityMode.None)
                throw new ChannelException(StatusCodes.BadSecurityModeRejected, $"{options.EndpointUrl}: policy None goes with mode None only; {options.Mode} needs another policy.");
            return new PeerKeys(options.Policy, null, null);
        }

        if (options.Mode is not (MessageSecurityMode.Sign or MessageSecurityMode.SignAndEncrypt))
            throw new ChannelException(StatusCodes.BadSecurityModeRejected, $"{options.EndpointUrl}: {options.Policy} goes with mode Sign or SignAndEncrypt, not {options.Mode}.");
        if (options.Certificate is null || options.ServerCertificate is null || options.Validator is null)
            throw new ChannelException(StatusCodes.BadCertificateInvalid, $"{options.EndpointUrl}: {options.Policy} needs our certificate, the server's (from GetEndpoints) and a trust list; one of them was not given.");

        var host = EndpointAddress.Parse(options.EndpointUrl).Host;
        var validation = options.Validator.Validate(options.ServerCertificate, options.Policy, CertificateRole.Server, host, options.ServerApplicationUri);
        if (!validation.IsAccepted)
            throw new ChannelException(validation.Status, $"{options.EndpointUrl}: {validation.Message}");
        if (options.Loggers?.CreateLogger<ClientSecureChannel>() is { } log)
        {
            if (validation.AutoAccepted)
                ChannelLog.AutoAccepted(log, "server", CertificateText.Name(validation.Certificate!), options.EndpointUrl);
            foreach (var note in validation.Notes)
                ChannelLog.CertificateNote(log, options.EndpointUrl, note.Sentence);
        }

        return new PeerKeys(options.Policy, options.Certificate, validation.Certificate);
    }

    public static async ValueTask<(Connection Connection, TcpConnector? Connector)> ConnectAsync(ClientChannelOptions options, CancellationToken cancel)
    {
        if (options.Connect is not null)
            return (await options.Connect(cancel).ConfigureAwait(false), null);
        var (host, port) = EndpointAddress.Parse(options.EndpointUrl);
        var connector = new TcpConnector(new TcpOptions { ConnectTimeout = options.OpenTimeout }, options.Loggers);
        try
        {
            return (await connector.ConnectAsync(host, port, cancel).ConfigureAwait(false), connector);
        }
        catch (SocketException e)
        {
            connector.Dispose();
            throw new ChannelException(StatusCodes.BadConnectionClosed, $"{options.EndpointUrl} can't be reached ({e.Message}): check the address, that the server runs, and the firewall between.", e);
        }
        catch
        {
            connector.Dispose();
            throw;
        }
    }

    /// <summary>Sends HEL and reads ACK (Part 6, 7.1.3).</summary>
    public static async ValueTask<NegotiatedLimits> GreetAsync(Connection connection, ClientChannelOptions options, CancellationToken cancel)
    {
        var own = options.Limits;
        new HelloMessage(0, own.ReceiveBufferSize, own.SendBufferSize, own.MaxMessageSize, own.MaxChunkCount, options.EndpointUrl).Write(connection.Output);
        await connection.Output.FlushAsync(cancel).ConfigureAwait(false);
        ChunkHeader header;
        byte[]? body;
        try
        {
            (header, body) = await HandshakeReader.ReadAsync(connection.Input, HelloMessage.MaxSize, cancel).ConfigureAwait(false);
        }
        catch (ChannelException e)
        {
            throw new ChannelException(e.Status, $"{options.EndpointUrl}: {e.Message}: check that the port is that of an OPC UA server.", e);
        }
        catch (IOException e)
        {
            throw ClientErrors.Lost(options, e, open: false);
        }

        if (body is null)
            throw ClientErrors.Lost(options, null, open: false);
        if (header.Type == MessageType.Error && ErrorMessage.TryRead(body, out var error))
            throw ClientErrors.Refused(options, error!.Error, error.Reason);
        if (header.Type != MessageType.Acknowledge || !AcknowledgeMessage.TryRead(body, out var acknowledge))
            throw ClientErrors.Protocol(options, StatusCodes.BadTcpMessageTypeInvalid);
        return NegotiatedLimits.FromAcknowledge(own, acknowledge!)
            ?? throw ClientErrors.Protocol(options, StatusCodes.BadTcpNotEnoughResources, $"offers buffers of {acknowledge!.ReceiveBufferSize} and {acknowledge.SendBufferSize} bytes, less than the {TransportLimits.MinBufferSize} the standard asks for");
    }
}
