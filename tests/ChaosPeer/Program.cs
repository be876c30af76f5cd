// Our own server as a process that a test can kill: dotnet exec ChaosPeer.dll PORT PKI TRUTH-FILE SPARE-NAMESPACES
// Requests come and are answered as tests/Interop.Tests/peers/json-lines.mjs says: start { rate }, stop {} → { last }.
using System.Globalization;
using System.Text.Json;
using ChaosPeer;

await using var server = await CountingServer.StartAsync(int.Parse(args[0], CultureInfo.InvariantCulture), args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
Console.WriteLine($"READY {server.EndpointUrl}");
while (await Console.In.ReadLineAsync() is { } line)
{
    var request = JsonDocument.Parse(line).RootElement;
    var id = request.GetProperty("id").GetString();
    switch (request.GetProperty("do").GetString())
    {
        case "start":
            server.Start(request.GetProperty("rate").GetDouble());
            Console.WriteLine($"REPLY {id} OK {{}}");
            break;
        case "stop":
            Console.WriteLine($"REPLY {id} OK {{\"last\":{await server.StopAsync()}}}");
            break;
        default:
            Console.WriteLine($"REPLY {id} FAILED {{\"message\":\"unknown\"}}");
            break;
    }
}
