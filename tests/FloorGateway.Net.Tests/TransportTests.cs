using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.Net.InMemory;
using FloorGateway.Net.Tls;
using FloorGateway.Net.Transport;

namespace FloorGateway.Net.Tests;

public sealed class TransportTests
{
    [Fact]
    public async Task Bytes_cross_tcp_both_ways()
    {
        await using var server = await TcpServer.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var connector = new TcpConnector();
        await using var client = await connector.ConnectAsync("127.0.0.1", server.EndPoint.Port, default);
        await using var accepted = (await server.AcceptAsync())!;
        await Echo(client, accepted);
        await Echo(accepted, client);
    }

    [Fact]
    public async Task Bytes_cross_tls_over_tcp_both_ways()
    {
        using var key = RSA.Create(2048);
        using var ephemeral = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pfx), null);
        await using var server = await TcpServer.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var connector = new TcpConnector();
        var clientTask = Task.Run(async () => await TlsConnection.ClientAsync(
            await connector.ConnectAsync("127.0.0.1", server.EndPoint.Port, default),
            new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate.GetCertHashString() },
            default));
        await using var accepted = await TlsConnection.ServerAsync((await server.AcceptAsync())!, new SslServerAuthenticationOptions { ServerCertificate = certificate }, default);
        await using var client = await clientTask;
        await Echo(client, accepted);
        await Echo(accepted, client);
    }

    [Fact]
    public async Task A_cut_in_memory_link_faults_the_reader_at_the_other_end()
    {
        var (a, b) = InMemoryConnection.CreatePair();
        await Echo(a, b);
        a.Abort();
        await Assert.ThrowsAsync<IOException>(async () => await b.Input.ReadAsync());
        Assert.True(b.Closed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_closed_in_memory_link_ends_the_reader_at_the_other_end()
    {
        var (a, b) = InMemoryConnection.CreatePair();
        await a.DisposeAsync();
        Assert.True((await b.Input.ReadAsync()).IsCompleted);
    }

    [Fact]
    public async Task A_stopped_server_gives_no_further_connection()
    {
        var server = await TcpServer.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var accept = server.AcceptAsync();
        await server.DisposeAsync();
        Assert.Null(await accept);
    }

    private static async Task Echo(Connection from, Connection to)
    {
        var sent = RandomNumberGenerator.GetBytes(40_000);
        var write = from.Output.WriteAsync(sent).AsTask();
        var result = await to.Input.ReadAtLeastAsync(sent.Length);
        Assert.Equal(sent, result.Buffer.ToArray());
        to.Input.AdvanceTo(result.Buffer.End);
        await write;
    }
}
