using System.Net.Sockets;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Recovery;

/// <summary>Sorts failures into what the recovery has to know about them.</summary>
internal static class RecoveryEvents
{
    public static RecoveryEvent From(Exception error) => error switch
    {
        UaServiceException e => new RecoveryEvent(KindOf(e.Status), e.Status, e.Message),
        ChannelException e => new RecoveryEvent(KindOfChannel(e.Status), e.Status, e.Message, WasReached: e.InnerException is not (SocketException or OperationCanceledException)),
        SocketException or IOException => new RecoveryEvent(RecoveryEventKind.ChannelLost, StatusCodes.BadConnectionClosed, error.Message, WasReached: false),
        _ => new RecoveryEvent(RecoveryEventKind.Refused, StatusCodes.BadUnexpectedError, error.Message),
    };

    public static RecoveryEventKind KindOf(StatusCode status) => status.CodeBits switch
    {
        StatusCodes.BadSessionIdInvalid or StatusCodes.BadSessionClosed or StatusCodes.BadSessionNotActivated => RecoveryEventKind.SessionLost,
        StatusCodes.BadSubscriptionIdInvalid or StatusCodes.BadNoSubscription => RecoveryEventKind.SubscriptionLost,
        StatusCodes.BadSecureChannelIdInvalid or StatusCodes.BadSecureChannelClosed or StatusCodes.BadConnectionClosed
            or StatusCodes.BadCommunicationError or StatusCodes.BadTimeout or StatusCodes.BadRequestTimeout
            or StatusCodes.BadServerHalted or StatusCodes.BadShutdown or StatusCodes.BadTcpServerTooBusy => RecoveryEventKind.ChannelLost,
        _ => RecoveryEventKind.Refused,
    };

    private static RecoveryEventKind KindOfChannel(StatusCode status) =>
        status.CodeBits switch
        {
            StatusCodes.BadSecurityChecksFailed or StatusCodes.BadCertificateUntrusted or StatusCodes.BadCertificateInvalid
                or StatusCodes.BadCertificateTimeInvalid or StatusCodes.BadCertificateUriInvalid or StatusCodes.BadCertificateHostNameInvalid
                or StatusCodes.BadCertificatePolicyCheckFailed or StatusCodes.BadCertificateUseNotAllowed or StatusCodes.BadCertificateChainIncomplete
                or StatusCodes.BadSecurityPolicyRejected or StatusCodes.BadSecurityModeRejected or StatusCodes.BadTcpEndpointUrlInvalid => RecoveryEventKind.Refused,
            _ => RecoveryEventKind.ChannelLost,
        };
}
