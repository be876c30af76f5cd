using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FloorGateway.Configuration;
using FloorGateway.Mqtt.Broker;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Hosting;

/// <summary>Starts the MQTT broker that the configuration asks for.</summary>
internal static class EmbeddedBroker
{
    /// <exception cref="PortBusyException">Something else listens on the port.</exception>
    public static async Task<MqttBroker> StartAsync(BrokerSettings settings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancel)
    {
        var standard = new MqttBrokerOptions();
        var broker = new MqttBroker(
            standard with
            {
                Listeners =
                [
                    new MqttListenerOptions
                    {
                        Address = IPAddress.Parse(settings.Bind),
                        Port = settings.Port,
                        AllowAnonymous = settings.Anonymous,
                        Tls = settings.Tls is { } tls ? ServerTls(tls) : null,
                    },
                ],
                Authenticator = new Users(settings.Users),
                MaximumConnections = settings.MaxConnections,
                Limits = standard.Limits with { MaximumPacketSize = settings.MaxPacketSize },
            },
            time,
            loggers);
        try
        {
            await broker.StartAsync(cancel);
            return broker;
        }
        catch (Exception e) when (PortBusyException.IsBusy(e))
        {
            await broker.DisposeAsync();
            throw new PortBusyException("MQTT broker", settings.Port, e);
        }
    }

    // The issuers that follow in the file are sent along: clients know the root alone. The way through PKCS#12 is for Windows, whose TLS
    // takes no key that lives in memory only.
    private static SslServerAuthenticationOptions ServerTls(BrokerTlsSettings tls)
    {
        using var pem = X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(tls.CertificateFile);
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        return new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true) };
    }

    private sealed class Users(IReadOnlyList<BrokerUser> users) : IMqttAuthenticator
    {
        public ValueTask<MqttReasonCode> AuthenticateAsync(MqttAuthenticationRequest request, CancellationToken cancel)
        {
            var known = users.FirstOrDefault(u => u.Name == request.UserName);
            // Compared in fixed time also where the name is unknown, so that names can't be found out.
            var expected = Encoding.UTF8.GetBytes(known?.Password.Value ?? "no such user");
            var right = CryptographicOperations.FixedTimeEquals(SHA256.HashData(expected), SHA256.HashData(request.Password is { } given ? given.Span : []));
            return ValueTask.FromResult(known is not null && right ? MqttReasonCode.Success : MqttReasonCode.BadUserNameOrPassword);
        }
    }
}
