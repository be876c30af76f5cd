using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Security;

internal static partial class SecurityLog
{
    [LoggerMessage(1120, LogLevel.Warning, "The own certificate, which ends on {End:yyyy-MM-dd}, was renewed: {Path} has to be trusted by every peer that trusted the one before, which lies in the folder old beside it")]
    public static partial void OwnCertificateRenewed(ILogger log, DateTime end, string path);

    [LoggerMessage(1121, LogLevel.Information, "The own certificate {Path} was replaced and is used from now on; it ends on {End:yyyy-MM-dd}")]
    public static partial void OwnCertificateChanged(ILogger log, string path, DateTime end);

    [LoggerMessage(1122, LogLevel.Warning, "The own certificate {Path} ends on {End:yyyy-MM-dd} and was issued by a CA: have the CA issue a new one and put it there, with its key")]
    public static partial void OwnCertificateExpires(ILogger log, string path, DateTime end);

    [LoggerMessage(1123, LogLevel.Error, "The own certificate could not be renewed or read again, and the one in use stays: {Reason}")]
    public static partial void OwnCertificateFailed(ILogger log, string reason);
}
