using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.Cli;
using FloorGateway.Configuration;
using FloorGateway.Simulators;
using FloorGateway.Simulators.Profiles;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway demo</c>: simulated equipment, gateway, broker, history and pages in one process tree on loopback.</summary>
public static class DemoCommand
{
    /// <summary>The machines have been running before the visitor came: ovens and baths are hot within minutes.</summary>
    private const double WarmUp = 0.05;

    /// <summary>Runs the verb and gives its exit code.</summary>
    public static async Task<int> ExecuteAsync(DemoOptions options, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        if (BusyPort(options) is var (flag, what, port))
        {
            await error.WriteLineAsync($"floorgateway: port {port} for the {what} is in use; choose another with {flag} PORT");
            return ExitCodes.PortBusy;
        }

        if (await FaultScript.LoadAsync(options.FaultScript, SimulatedPlants.Look(SimulationOptions.Demo, PlantScale.Demo), error) is not { } faults)
            return ExitCodes.BadConfiguration;
        using var folder = new DemoFolder(options.DataFolder);
        using var loggers = ConsoleLogging.Create(LogLevel.Warning);
        await using var simulation = await Simulation.StartAsync(SimulationOf(options, folder.Path) with { Faults = faults }, loggers, TimeProvider.System, cancel);
        var mqttPort = options.MqttPort != 0 ? options.MqttPort : FreePort();
        var configuration = DemoConfiguration.Load(folder.Path, options.HttpPort, mqttPort, name => simulation.Servers.Single(s => s.Name == name).EndpointUrl);
        Trust(configuration, simulation);
        await using var runtime = await GatewayRuntime.OpenAsync(configuration, TimeProvider.System, loggers, cancel);
        await using var web = await GatewayWeb.StartAsync(configuration.Gateway.Http, runtime, TimeProvider.System, loggers, cancel, app => SimulationApi.Map(app, simulation));
        await runtime.StartAsync(cancel);
        await using var run = new DemoRun(simulation, runtime, configuration, web.Urls.First(), Terminal.On(output), output);
        return await run.ExecuteAsync(options.For, cancel) ? ExitCodes.Ok : ExitCodes.RunFailed;
    }

    private static SimulationOptions SimulationOf(DemoOptions options, string folder) => new()
    {
        Seed = options.Seed,
        TimeScale = options.TimeScale,
        DataDir = Path.Combine(folder, "simulators"),
        WaitForBegin = true,
        Scale = PlantScale.Demo with { WarmUpScale = WarmUp },
        Servers = [.. SimulationOptions.Demo.Select((server, i) => server with { Port = options.OpcUaPort == 0 ? 0 : options.OpcUaPort + i })],
    };

    /// <summary>What an engineer does by hand on a plant: each side is told whom it may trust.</summary>
    private static void Trust(GatewayConfiguration configuration, Simulation simulation)
    {
        using var gateway = new OpcUaIdentity(configuration.Gateway.PkiFolder);
        foreach (var server in simulation.Servers)
        {
            using var certificate = X509CertificateLoader.LoadCertificate(server.Certificate.Span);
            gateway.TrustList.Trust(certificate);
            server.TrustList.Trust(gateway.Certificate.Current.Certificate);
        }
    }

    /// <summary>The first port that is taken, with the flag that moves it. Asked before anything is started, so that nothing has to be undone.</summary>
    private static (string Flag, string What, int Port)? BusyPort(DemoOptions options)
    {
        var wanted = new List<(string Flag, string What, int Port)> { ("--http", "pages", options.HttpPort), ("--mqtt", "MQTT broker", options.MqttPort) };
        for (var i = 0; i < SimulationOptions.Demo.Count && options.OpcUaPort != 0; i++)
            wanted.Add(("--opcua", $"simulated OPC UA server '{SimulationOptions.Demo[i].Name}'", options.OpcUaPort + i));
        foreach (var port in wanted)
        {
            if (!PortBusyException.IsFree(port.Port))
                return port;
        }

        return null;
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
