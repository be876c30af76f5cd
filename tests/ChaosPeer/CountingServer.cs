using System.Globalization;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace ChaosPeer;

/// <summary>
/// A server with one counter. Each value goes into the truth file, with its source time, before anybody can see it; so a kill leaves a file that names everything that may
/// have been sent. A later run counts on from there.
/// </summary>
internal sealed class CountingServer : IAsyncDisposable
{
    private const string Uri = "urn:localhost:chaos";
    private readonly UaServer server;
    private readonly ApplicationCertificate certificate;
    private readonly VariableNode counter;
    private readonly StreamWriter truth;
    private readonly CancellationTokenSource ending = new();
    private CancellationTokenSource? counting;
    private Task running = Task.CompletedTask;
    private long value;
    private long lastTicks;

    private CountingServer(UaServer server, ApplicationCertificate certificate, VariableNode counter, string truthFile)
    {
        (this.server, this.certificate, this.counter) = (server, certificate, counter);
        if (File.Exists(truthFile))
        {
            foreach (var line in File.ReadLines(truthFile))
            {
                var parts = line.Split(' ');
                if (parts.Length == 2)
                    (value, lastTicks) = (long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
            }
        }

        truth = new StreamWriter(new FileStream(truthFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        Count();
    }

    public string EndpointUrl => server.EndpointUrl;

    /// <param name="port">Where to listen.</param>
    /// <param name="pki">Folder of certificate and trust; another folder is another certificate.</param>
    /// <param name="truthFile">Appended to.</param>
    /// <param name="spare">Namespaces registered before the counter's.</param>
    public static async Task<CountingServer> StartAsync(int port, string pki, string truthFile, int spare)
    {
        var trust = new TrustList(pki);
        var certificate = ApplicationCertificate.LoadOrCreate(trust.OwnFolder, new ApplicationCertificateOptions { ApplicationName = "chaos", ApplicationUri = Uri, Hosts = ["localhost", "127.0.0.1"] });
        var space = new Space(Uri);
        for (var i = 0; i < spare; i++)
            space.AddNamespace($"http://chaos.example/spare/{i}");
        space.DefaultNamespace = space.AddNamespace("http://chaos.example/UA/");
        var counter = space.Objects.AddVariable("Counter", BuiltInType.Double, value: Variant.From(0.0));
        var options = new UaServerOptions
        {
            ApplicationName = "chaos",
            ApplicationUri = Uri,
            Certificate = certificate,
            CertificateValidator = new CertificateValidator(trust, new CertificateRules { AutoAcceptUntrusted = true }),
            Port = port,
            HostName = "127.0.0.1",
            Limits = new ServerLimits { MinSessionTimeout = TimeSpan.FromSeconds(1) },
        };
        return new CountingServer(await UaServer.StartAsync(options, space), certificate, counter, truthFile);
    }

    public void Start(double perSecond)
    {
        counting = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        running = CountAsync(TimeSpan.FromSeconds(1 / perSecond), counting.Token);
    }

    /// <summary>Stops counting and gives the last value.</summary>
    public async Task<long> StopAsync()
    {
        if (counting is not null)
            await counting.CancelAsync();
        await running;
        counting?.Dispose();
        counting = null;
        return value;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await StopAsync();
        await server.DisposeAsync();
        await truth.DisposeAsync();
        certificate.Dispose();
        ending.Dispose();
    }

    private async Task CountAsync(TimeSpan period, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(period);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
                Count();
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Count()
    {
        lastTicks = Math.Max(TimeProvider.System.GetUtcNow().UtcTicks, lastTicks + 1);
        truth.Write(string.Create(CultureInfo.InvariantCulture, $"{++value} {lastTicks}\n"));
        counter.SetValue((double)value, sourceTime: new DateTime(lastTicks, DateTimeKind.Utc));
    }
}
