using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Turns what went wrong into a sentence that says what to do.</summary>
internal static class ClientErrors
{
    /// <summary>The server sent ERR, or a fault in place of the channel.</summary>
    public static ChannelException Refused(ClientChannelOptions options, StatusCode status, string? reason)
    {
        var said = string.IsNullOrWhiteSpace(reason) ? status.ToString() : $"{status}: {reason}";
        var certificate = options.Certificate?.Path ?? "(in memory)";
        var advice = status.CodeBits switch
        {
            StatusCodes.BadSecurityChecksFailed or StatusCodes.BadCertificateUntrusted or StatusCodes.BadCertificateChainIncomplete when !options.Policy.IsNone =>
                $"the server refused our certificate {certificate}: trust it there, then connect again",
            StatusCodes.BadCertificateTimeInvalid =>
                $"the server finds our certificate {certificate} expired or not yet valid: check both clocks, or renew the certificate",
            StatusCodes.BadCertificateUriInvalid =>
                $"the server finds another application URI in our certificate {certificate} than we gave: make the certificate for our application URI",
            StatusCodes.BadCertificateInvalid or StatusCodes.BadCertificatePolicyCheckFailed or StatusCodes.BadCertificateUseNotAllowed =>
                $"the server can't use our certificate {certificate}, or its own has changed: read its certificate again with GetEndpoints and check ours",
            StatusCodes.BadSecurityPolicyRejected or StatusCodes.BadSecurityModeRejected =>
                $"the server does not offer {options.Policy} with {options.Mode}: choose one that GetEndpoints lists",
            StatusCodes.BadTcpEndpointUrlInvalid =>
                "the server does not know this endpoint URL: use the one that GetEndpoints gives",
            StatusCodes.BadTcpNotEnoughResources or StatusCodes.BadTcpServerTooBusy =>
                "the server has no room for another connection: close one there, or try later",
            StatusCodes.BadTcpMessageTooLarge or StatusCodes.BadRequestTooLarge =>
                "the server found a message too large: ask for less at once",
            _ => "the server closed the connection",
        };
        return new ChannelException(status, $"{options.EndpointUrl}: {advice} (it said {said}).");
    }

    /// <summary>The server broke the protocol; <paramref name="what"/> completes "the server ...".</summary>
    public static ChannelException Protocol(ClientChannelOptions options, StatusCode status, string what) =>
        new(status, $"{options.EndpointUrl}: the server {what} ({status}). The connection was closed; if it happens again, look at the server's log.");

    public static ChannelException Protocol(ClientChannelOptions options, StatusCode status) => Protocol(options, status, status.CodeBits switch
    {
        StatusCodes.BadTcpMessageTypeInvalid => "sent something that is not OPC UA TCP",
        StatusCodes.BadTcpMessageTooLarge => $"sent more than the limits here allow ({options.Limits.MaxMessageSize} bytes, {options.Limits.MaxChunkCount} chunks)",
        StatusCodes.BadSecurityChecksFailed => "sent a message whose signature is not right; somebody may be changing the traffic",
        StatusCodes.BadSequenceNumberInvalid => "repeated or left out a chunk; somebody may be replaying the traffic",
        StatusCodes.BadSecureChannelTokenUnknown => "used a security token that is unknown or expired",
        StatusCodes.BadTcpSecureChannelUnknown => "used the id of another secure channel",
        _ => "sent a message that can't be read",
    });

    /// <summary>The stream ended or broke.</summary>
    public static ChannelException Lost(ClientChannelOptions options, Exception? inner, bool open) => new(
        StatusCodes.BadConnectionClosed,
        open
            ? $"{options.EndpointUrl}: the connection was lost{(inner is null ? "" : $" ({inner.Message})")}."
            : $"{options.EndpointUrl}: the connection was closed before the secure channel was open{(inner is null ? "" : $" ({inner.Message})")}: check that an OPC UA server listens there and that it trusts {options.Certificate?.Path ?? "this client"}.",
        inner);

    public static ChannelException FromAbort(ClientChannelOptions options, ErrorMessage error) => new(
        error.Error,
        $"{options.EndpointUrl}: the server gave up the response ({error.Error}{(string.IsNullOrWhiteSpace(error.Reason) ? "" : $": {error.Reason}")}){(error.Error.CodeBits == StatusCodes.BadResponseTooLarge ? ": ask for less at once, or raise MaxMessageSize" : "")}.");
}
