using FloorGateway.Cli;
using FloorGateway.Configuration;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway simulate fault</c>: through the method that every simulated server has.</summary>
internal static class SimulateFaultCommand
{
    private const string Namespace = "http://jsev.example/UA/Base/";

    /// <summary>Runs the verb and gives its exit code.</summary>
    public static async Task<int> ExecuteAsync(SimulateFaultOptions options, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        if (options is { Fault.Length: > 0, Clear: true } or { Fault.Length: > 0, Unit.Length: 0 })
        {
            await error.WriteLineAsync(options.Clear ? "floorgateway: --clear and --fault exclude each other; leave one out" : "floorgateway: a fault needs --unit UNIT");
            return ExitCodes.BadConfiguration;
        }

        var folder = Directory.CreateTempSubdirectory("floorgateway-fault-");
        try
        {
            using var identity = new OpcUaIdentity(folder.FullName);
            // Simulated equipment guards nothing and is on this machine: no secret passes here.
            var security = new SecuritySettings { Policy = SecurityPolicyChoice.None, Mode = SecurityModeChoice.None };
            await using var client = await UaClient.ConnectAsync(ServerClients.Client(options.Url.OriginalString, security, null, identity), TimeProvider.System, null, cancel);
            var index = client.NamespaceUris.ToList().IndexOf(Namespace);
            if (index < 0)
            {
                await error.WriteLineAsync($"floorgateway: {options.Url.OriginalString} is no simulated server; 'floorgateway simulate run' prints the endpoints of its servers");
                return ExitCodes.BadConfiguration;
            }

            return await ActAsync(client, (ushort)index, options, output, error, cancel);
        }
        catch (Exception fault) when (fault is UaServiceException or ChannelException or IOException or System.Net.Sockets.SocketException)
        {
            await error.WriteLineAsync($"floorgateway: {options.Url.OriginalString}: {fault.Message}");
            return ExitCodes.ServerUnavailable;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> ActAsync(UaClient client, ushort ns, SimulateFaultOptions options, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var control = new NodeId(ns, "SimControl");
        if (options.Clear)
        {
            var cleared = await client.CallAsync(control, new NodeId(ns, "SimControl.ClearFaults"), [Variant.From(options.Unit)], cancel);
            await output.WriteLineAsync(cleared.StatusCode.IsGood ? $"{cleared.OutputArguments![0]} ended" : $"refused: {cleared.StatusCode}");
            return cleared.StatusCode.IsGood ? ExitCodes.Ok : ExitCodes.RunFailed;
        }

        if (options.Fault.Length > 0)
        {
            var called = await client.CallAsync(
                control,
                new NodeId(ns, "SimControl.InjectFault"),
                [Variant.From(options.Unit), Variant.From(options.Signal), Variant.From(options.Fault), Variant.From(options.Param), Variant.From(options.For.TotalSeconds)],
                cancel);
            var problem = called.StatusCode.IsGood ? called.OutputArguments![0].AsString() ?? "" : called.StatusCode.ToString();
            if (problem.Length > 0)
            {
                await error.WriteLineAsync($"floorgateway: {problem}");
                return ExitCodes.BadConfiguration;
            }

            await output.WriteLineAsync($"{options.Fault} begins at {options.Unit}{(options.Signal.Length > 0 ? "/" + options.Signal : "")}");
            return ExitCodes.Ok;
        }

        var active = await client.ReadValueAsync(new NodeId(ns, "SimControl.ActiveFaults"), cancel);
        var faults = active.Value.AsArray<string>() ?? [];
        foreach (var fault in faults)
            await output.WriteLineAsync(fault);
        if (faults.Length == 0)
            await output.WriteLineAsync("no fault is at work");
        return ExitCodes.Ok;
    }
}
