using Microsoft.AspNetCore.Http;

namespace FloorGateway.Hmi.Api;

/// <summary>Errors as RFC 9457 problem documents.</summary>
internal static class Problems
{
    /// <param name="status">HTTP status code.</param>
    /// <param name="title">What happened.</param>
    /// <param name="detail">To what, and how to mend it.</param>
    /// <param name="parameter">The query parameter it is about; null = none.</param>
    public static IResult Of(int status, string title, string detail, string? parameter = null) =>
        TypedResults.Problem(detail, statusCode: status, title: title, extensions: parameter is null ? null : new Dictionary<string, object?> { ["parameter"] = parameter });
}
