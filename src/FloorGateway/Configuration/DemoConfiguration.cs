namespace FloorGateway.Configuration;

/// <summary>The demo's configuration: the built-in <c>demo.yaml</c> with the addresses of this run.</summary>
public static class DemoConfiguration
{
    /// <summary>Names of the demo's servers, in the order of their ports.</summary>
    public static IReadOnlyList<string> Servers { get; } = [.. Load().Servers.Select(s => s.Name)];

    /// <summary>The built-in file as it stands.</summary>
    /// <exception cref="InvalidOperationException">The program was built with a broken file.</exception>
    public static GatewayConfiguration Load()
    {
        var result = new ConfigurationLoader(new EmbeddedFiles(), _ => null).Load("demo.yaml");
        return result.Configuration ?? throw new InvalidOperationException("The built-in demo is broken: " + string.Join('\n', result.Errors));
    }

    /// <summary>The built-in file with its folder and addresses replaced.</summary>
    /// <param name="dataFolder">Folder of this run.</param>
    /// <param name="httpPort">Port of the pages.</param>
    /// <param name="mqttPort">Port of the broker, once it is known.</param>
    /// <param name="serverUrl">Endpoint of a server by its name, once it is known.</param>
    public static GatewayConfiguration Load(string dataFolder, int httpPort, int mqttPort, Func<string, string> serverUrl)
    {
        ArgumentNullException.ThrowIfNull(serverUrl);
        var built = Load();
        var data = Path.GetFullPath(dataFolder);
        return built with
        {
            Gateway = built.Gateway with { DataFolder = data, PkiFolder = Path.Combine(data, "pki"), Http = built.Gateway.Http with { Port = httpPort } },
            Broker = built.Broker! with { Port = mqttPort },
            Servers = [.. built.Servers.Select(s => s with { Url = serverUrl(s.Name) })],
            Feeds = [.. built.Feeds.Select(f => f is MqttFeedSettings mqtt ? mqtt with { Url = new UriBuilder(mqtt.Url) { Port = mqttPort }.Uri } : f)],
        };
    }
}
