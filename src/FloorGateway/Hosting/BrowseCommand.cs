using FloorGateway.Cli;
using FloorGateway.Configuration;
using FloorGateway.Connectors.OpcUa;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway browse</c>.</summary>
public static class BrowseCommand
{
    /// <summary>Runs the verb and gives its exit code.</summary>
    public static async Task<int> ExecuteAsync(BrowseOptions options, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var under = new NodeId(ObjectIds.ObjectsFolder);
        var security = new SecuritySettings { Policy = options.Policy, Mode = options.Mode, AutoAccept = options.AutoAccept };
        var user = options.User is { } name ? new UserSettings(name, options.Password) : null;
        using var loggers = ConsoleLogging.Create(LogLevel.Warning);
        using var identity = new OpcUaIdentity(Path.GetFullPath(options.PkiFolder), loggers);
        try
        {
            await using var client = await UaClient.ConnectAsync(ServerClients.Client(options.Url.OriginalString, security, user, identity), TimeProvider.System, loggers, cancel);
            if (options.Under is { } text && !(ExpandedNodeId.TryParse(text, out var start) && start.TryResolve(client.NamespaceUris, out under)))
            {
                await error.WriteLineAsync($"floorgateway: '{text}' is no node of this server; write it as nsu=URI;s=NAME with one of its namespaces:\n  {string.Join("\n  ", client.NamespaceUris)}");
                return ExitCodes.BadConfiguration;
            }

            var progress = new Progress<int>(count => error.Write($"\r{count} variables"));
            var variables = await new VariableBrowser(client).BrowseAsync(under, options.Max, Console.IsErrorRedirected ? null : progress, cancel);
            return await WriteAsync(options, client.Endpoint.Server.ApplicationName.Text, variables, output, error);
        }
        catch (Exception fault) when (fault is UaServiceException or ChannelException or IOException or System.Net.Sockets.SocketException)
        {
            await error.WriteLineAsync(fault.Message.StartsWith(options.Url.OriginalString, StringComparison.Ordinal)
                ? $"floorgateway: {fault.Message}"
                : $"floorgateway: {options.Url.OriginalString}: {fault.Message}");
            return IsRefusal(fault) ? ExitCodes.BadConfiguration : ExitCodes.ServerUnavailable;
        }
    }

    /// <summary>Certificate, security or login: the server is there, and somebody has to change something.</summary>
    private static bool IsRefusal(Exception fault)
    {
        var status = fault switch
        {
            UaServiceException service => service.Status,
            ChannelException channel => channel.Status,
            _ => default,
        };
        var name = status.ToString();
        return name.StartsWith("BadCertificate", StringComparison.Ordinal)
            || name.StartsWith("BadSecurity", StringComparison.Ordinal)
            || name.StartsWith("BadIdentityToken", StringComparison.Ordinal)
            || name == "BadUserAccessDenied";
    }

    private static async Task<int> WriteAsync(BrowseOptions options, string? name, IReadOnlyList<BrowsedVariable> variables, TextWriter output, TextWriter error)
    {
        if (variables.Count == 0)
        {
            await error.WriteLineAsync($"floorgateway: {options.Url.OriginalString} shows no readable variable below {options.Under ?? "its Objects folder"}; give another node with --under, or a user with more rights with --user");
            return ExitCodes.BadConfiguration;
        }

        var text = BrowseConfigWriter.Write(options, string.IsNullOrWhiteSpace(name) ? "Equipment" : name, variables);
        if (options.OutputFile is { } file)
        {
            await File.WriteAllTextAsync(file, text, CancellationToken.None);
            await output.WriteLineAsync($"{variables.Count} variables written to {file}. Next: floorgateway check --config {file}, then floorgateway run --config {file}");
        }
        else
        {
            await output.WriteAsync(text);
        }

        if (variables.Count >= options.Max)
            await error.WriteLineAsync($"floorgateway: stopped after {options.Max} variables; --max takes more, --under begins lower");
        return ExitCodes.Ok;
    }
}
