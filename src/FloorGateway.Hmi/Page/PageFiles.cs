using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace FloorGateway.Hmi.Page;

/// <summary>The page's files. They travel inside the assembly, so they are there however the gateway was built, published or started.</summary>
internal static class PageFiles
{
    private static readonly (string Route, string File, string Type)[] All =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/hmi/hmi.css", "hmi.css", "text/css; charset=utf-8"),
        ("/hmi/hmi.js", "hmi.js", "text/javascript; charset=utf-8"),
        ("/hmi/grid.js", "grid.js", "text/javascript; charset=utf-8"),
        ("/hmi/trend.js", "trend.js", "text/javascript; charset=utf-8"),
        ("/hmi/format.js", "format.js", "text/javascript; charset=utf-8"),
        ("/plant", "plant.html", "text/html; charset=utf-8"),
        ("/hmi/plant.css", "plant.css", "text/css; charset=utf-8"),
        ("/hmi/plant.js", "plant.js", "text/javascript; charset=utf-8"),
        ("/hmi/model.js", "model.js", "text/javascript; charset=utf-8"),
        ("/hmi/tile.js", "tile.js", "text/javascript; charset=utf-8"),
        ("/hmi/strip.js", "strip.js", "text/javascript; charset=utf-8"),
        ("/hmi/faults.js", "faults.js", "text/javascript; charset=utf-8"),
        ("/hmi/words.js", "words.js", "text/javascript; charset=utf-8"),
        ("/favicon.ico", "icon.svg", "image/svg+xml"),
    ];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var (route, file, type) in All)
        {
            var bytes = Load(file);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexString(SHA256.HashData(bytes))[..16]}\"");
            endpoints.MapGet(route, (HttpContext context) =>
            {
                var headers = context.Response.Headers;
                // Nothing comes from elsewhere and nothing runs that is not in these files.
                headers.ContentSecurityPolicy = "default-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                // Asked again each time, answered 304 while unchanged: an update of the gateway shows at once.
                headers.CacheControl = "no-cache";
                return TypedResults.Bytes(bytes, type, entityTag: tag);
            });
        }
    }

    private static byte[] Load(string file)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream(file) ?? throw new InvalidOperationException($"{file} is missing in the assembly");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
