using FloorGateway.Cli;
using FloorGateway.Configuration;
using FloorGateway.Model.Ledger;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway run</c>.</summary>
public static partial class RunCommand
{
    /// <summary>Runs the verb and gives its exit code.</summary>
    public static async Task<int> ExecuteAsync(RunOptions options, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var loaded = new ConfigurationLoader().Load(options.ConfigFile);
        if (!loaded.IsValid)
        {
            foreach (var fault in loaded.Errors)
                await error.WriteLineAsync(fault.ToString());
            return ExitCodes.BadConfiguration;
        }

        using var loggers = ConsoleLogging.Create(LogLevel.Information);
        var logger = loggers.CreateLogger("FloorGateway.Run");
        foreach (var warning in loaded.Warnings)
            LogConfiguration(logger, warning.ToString());
        try
        {
            var configuration = loaded.Configuration;
            await using var runtime = await GatewayRuntime.OpenAsync(configuration, TimeProvider.System, loggers, cancel);
            await using var web = configuration.Gateway.Http.Enabled
                ? await GatewayWeb.StartAsync(configuration.Gateway.Http, runtime, TimeProvider.System, loggers, cancel)
                : null;
            await runtime.StartAsync(cancel);
            await using var reload = new FeedReload(Path.GetFullPath(options.ConfigFile), runtime, configuration, TimeProvider.System, loggers);
            reload.Start();
            LogRunning(logger, configuration.Gateway.Id, web is null ? "no pages" : string.Join(", ", web.Urls));
            await Task.Delay(Timeout.Infinite, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
            LogStopping(logger);
            await runtime.DisconnectAsync();
            await runtime.Pipeline.DrainAsync(DrainTime);
            var ledger = runtime.Pipeline.Snapshot();
            await LedgerText.WriteAsync(output, ledger);
            return ledger.Closes ? ExitCodes.Ok : ExitCodes.RunFailed;
        }
        catch (PortBusyException busy)
        {
            await error.WriteLineAsync($"floorgateway: port {busy.Port} for the {busy.What} is in use; give another in the configuration ({(busy.What == "pages" ? "gateway.http.port" : "broker.port")})");
            return ExitCodes.PortBusy;
        }
        catch (IOException fault)
        {
            await error.WriteLineAsync($"floorgateway: {fault.Message}");
            return ExitCodes.RunFailed;
        }
    }

    /// <summary>Destinations that are down can't be waited for; what is not delivered stays in the journal.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    [LoggerMessage(2010, LogLevel.Warning, "{Warning}")]
    private static partial void LogConfiguration(ILogger logger, string warning);

    [LoggerMessage(2011, LogLevel.Information, "Gateway {Gateway} runs; pages at {Pages}")]
    private static partial void LogRunning(ILogger logger, string gateway, string pages);

    [LoggerMessage(2012, LogLevel.Information, "Stopping: no more values are read, the feeds drain")]
    private static partial void LogStopping(ILogger logger);
}
