using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.Security;

public sealed class CertificateValidatorTests : IDisposable
{
    private static readonly ApplicationCertificate Peer = ApplicationCertificate.CreateSelfSigned(new()
    {
        ApplicationName = "Press 4",
        ApplicationUri = "urn:press4.example.org:server",
        Hosts = ["press4.example.org", "*.line1.example.org", "192.0.2.4"],
    });

    private readonly TempDirectory folder = new();
    private readonly TrustList trust;

    public CertificateValidatorTests() => trust = new TrustList(folder["pki"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_stranger_is_saved_and_the_sentence_says_what_to_move_where()
    {
        var result = Validate(Peer.Der);
        Assert.Equal(StatusCodes.BadCertificateUntrusted, result.Status.Value);
        Assert.True(File.Exists(result.RejectedPath));
        Assert.Equal(Peer.Der, File.ReadAllBytes(result.RejectedPath!));
        Assert.Contains(result.RejectedPath!, result.Message);
        Assert.Contains(trust.TrustedFolder, result.Message);
    }

    [Fact]
    public void A_moved_file_counts_at_once()
    {
        var path = Validate(Peer.Der).RejectedPath!;
        File.Move(path, Path.Combine(trust.TrustedFolder, Path.GetFileName(path)));
        Assert.True(Validate(Peer.Der).IsAccepted);
        File.Delete(Path.Combine(trust.TrustedFolder, Path.GetFileName(path)));
        Assert.False(Validate(Peer.Der).IsAccepted);
    }

    [Fact]
    public void Trust_takes_the_file_out_of_rejected()
    {
        var path = Validate(Peer.Der).RejectedPath!;
        trust.Trust(Peer.Certificate);
        Assert.False(File.Exists(path));
        Assert.True(trust.IsTrusted(Peer.Certificate));
    }

    [Fact]
    public void Strangers_can_not_fill_the_disk()
    {
        using var key = RSA.Create(2048);
        for (var i = 0; i < TrustList.MaxRejected + 5; i++)
            trust.SaveRejected(Issue($"CN=stranger {i}", key, null, null, false));
        Assert.Equal(TrustList.MaxRejected, Directory.GetFiles(trust.RejectedFolder).Length);
    }

    [Fact]
    public void Auto_accept_says_that_it_was_used()
    {
        var result = new CertificateValidator(trust, new CertificateRules { AutoAcceptUntrusted = true }).Validate(Peer.Der, SecurityPolicy.Basic256Sha256, CertificateRole.Server);
        Assert.True(result.IsAccepted);
        Assert.True(result.AutoAccepted);
        Assert.Empty(Directory.GetFiles(trust.RejectedFolder));
    }

    [Theory]
    [InlineData("press4.example.org", true)]
    [InlineData("PRESS4.example.ORG", true)]
    [InlineData("robot.line1.example.org", true)]
    [InlineData("a.robot.line1.example.org", false)]
    [InlineData("192.0.2.4", true)]
    [InlineData("192.0.2.5", false)]
    [InlineData("other.example.org", false)]
    public void Compares_the_dialled_host(string host, bool accepted)
    {
        trust.Trust(Peer.Certificate);
        var result = new CertificateValidator(trust).Validate(Peer.Der, SecurityPolicy.Basic256Sha256, CertificateRole.Server, host);
        Assert.Equal(accepted, result.IsAccepted);
        if (!accepted)
            Assert.Equal(StatusCodes.BadCertificateHostNameInvalid, result.Status.Value);
        Assert.True(new CertificateValidator(trust, new CertificateRules { CheckHostName = false }).Validate(Peer.Der, SecurityPolicy.Basic256Sha256, CertificateRole.Server, host).IsAccepted);
    }

    [Fact]
    public void Compares_the_application_uri()
    {
        trust.Trust(Peer.Certificate);
        var validator = new CertificateValidator(trust);
        Assert.True(validator.Validate(Peer.Der, SecurityPolicy.Basic256Sha256, CertificateRole.Server, null, "urn:press4.example.org:server").IsAccepted);
        var result = validator.Validate(Peer.Der, SecurityPolicy.Basic256Sha256, CertificateRole.Server, null, "urn:press5.example.org:server");
        Assert.Equal(StatusCodes.BadCertificateUriInvalid, result.Status.Value);
        Assert.Contains("urn:press5.example.org:server", result.Message);
    }

    [Fact]
    public void Expiry_and_a_clock_that_is_behind_are_told_apart()
    {
        trust.Trust(Peer.Certificate);
        var after = new CertificateValidator(trust, null, new ManualTimeProvider(Peer.Certificate.NotAfter.ToUniversalTime().AddHours(1))).Validate(Peer.Der, SecurityPolicy.Basic256Sha256, CertificateRole.Server);
        Assert.Equal(StatusCodes.BadCertificateTimeInvalid, after.Status.Value);
        Assert.Contains("expired", after.Message);
        var before = new CertificateValidator(trust, null, new ManualTimeProvider(Peer.Certificate.NotBefore.ToUniversalTime().AddHours(-1))).Validate(Peer.Der, SecurityPolicy.Basic256Sha256, CertificateRole.Server);
        Assert.Contains("check both clocks", before.Message);
        Assert.True(new CertificateValidator(trust, null, new ManualTimeProvider(Peer.Certificate.NotBefore.ToUniversalTime().AddMinutes(-3))).Validate(Peer.Der, SecurityPolicy.Basic256Sha256, CertificateRole.Server).IsAccepted);
    }

    [Fact]
    public void All_findings_are_told_at_once()
    {
        var time = new ManualTimeProvider(Peer.Certificate.NotAfter.ToUniversalTime().AddDays(1));
        var result = new CertificateValidator(trust, null, time).Validate(Peer.Der, SecurityPolicy.Basic256Sha256, CertificateRole.Server, "other.example.org", "urn:other");
        Assert.Equal(
            [StatusCodes.BadCertificateUntrusted, StatusCodes.BadCertificateTimeInvalid, StatusCodes.BadCertificateHostNameInvalid, StatusCodes.BadCertificateUriInvalid],
            result.Findings.Select(f => f.Status.Value));
    }

    [Fact]
    public void A_short_key_or_a_key_for_other_uses_is_refused()
    {
        using var small = RSA.Create(1024);
        var weak = Issue("CN=weak", small, null, null, false);
        trust.Trust(weak);
        Assert.Equal(StatusCodes.BadCertificatePolicyCheckFailed, Validate(weak.RawData).Status.Value);

        using var key = RSA.Create(2048);
        var signer = Issue("CN=signer", key, null, null, false, X509KeyUsageFlags.DigitalSignature);
        trust.Trust(signer);
        Assert.Equal(StatusCodes.BadCertificateUseNotAllowed, Validate(signer.RawData).Status.Value);
    }

    [Fact]
    public void Garbage_is_a_finding_and_not_an_exception()
    {
        Assert.Equal(StatusCodes.BadCertificateInvalid, Validate([]).Status.Value);
        Assert.Equal(StatusCodes.BadCertificateInvalid, Validate([0x30, 0x82, 0xFF, 0xFF, 1, 2]).Status.Value);
        for (var length = 1; length < Peer.Der.Length; length += 13)
            Assert.Equal(StatusCodes.BadCertificateInvalid, Validate(Peer.Der[..length]).Status.Value);
        Assert.Equal(StatusCodes.BadCertificateInvalid, Validate([.. Peer.Der, 0x30]).Status.Value);
    }

    [Fact]
    public void A_certificate_of_a_trusted_authority_is_accepted_with_a_complete_chain_only()
    {
        using var rootKey = RSA.Create(2048);
        using var middleKey = RSA.Create(2048);
        using var leafKey = RSA.Create(2048);
        var root = Issue("CN=root", rootKey, null, null, true);
        var middle = Issue("CN=middle", middleKey, root, rootKey, true);
        var leaf = Issue("CN=leaf", leafKey, middle, middleKey, false);

        Assert.False(Validate(leaf.RawData).IsAccepted);
        trust.Trust(root);
        Assert.False(Validate(leaf.RawData).IsAccepted);
        Assert.True(Validate([.. leaf.RawData, .. middle.RawData]).IsAccepted);
        File.WriteAllBytes(Path.Combine(trust.IssuersFolder, "middle.der"), middle.RawData);
        Assert.True(Validate(leaf.RawData).IsAccepted);
    }

    [Fact]
    public void An_issuer_that_is_not_trusted_itself_vouches_for_nobody()
    {
        using var rootKey = RSA.Create(2048);
        using var leafKey = RSA.Create(2048);
        var root = Issue("CN=root", rootKey, null, null, true);
        var leaf = Issue("CN=leaf", leafKey, root, rootKey, false);
        File.WriteAllBytes(Path.Combine(trust.IssuersFolder, "root.der"), root.RawData);
        Assert.False(Validate(leaf.RawData).IsAccepted);
        Assert.False(Validate([.. leaf.RawData, .. root.RawData]).IsAccepted);
    }

    [Fact]
    public void A_trusted_peer_that_is_no_authority_can_not_issue_certificates()
    {
        trust.Trust(Peer.Certificate);
        using var leafKey = RSA.Create(2048);
        var forged = Issue("CN=forged", leafKey, Peer.Certificate, Peer.PrivateKey, false);
        Assert.False(Validate([.. forged.RawData, .. Peer.Der]).IsAccepted);
    }

    private CertificateValidation Validate(byte[] chain) => new CertificateValidator(trust).Validate(chain, SecurityPolicy.Basic256Sha256, CertificateRole.Server);

    private static X509Certificate2 Issue(
        string subject,
        RSA key,
        X509Certificate2? issuer,
        RSA? issuerKey,
        bool authority,
        X509KeyUsageFlags usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(authority ? usage | X509KeyUsageFlags.KeyCertSign : usage, true));
        var now = DateTimeOffset.UtcNow;
        var issued = request.Create(
            issuer?.SubjectName ?? request.SubjectName,
            X509SignatureGenerator.CreateForRSA(issuerKey ?? key, RSASignaturePadding.Pkcs1),
            now.AddHours(-1),
            now.AddDays(10),
            RandomNumberGenerator.GetBytes(8));
        return X509CertificateLoader.LoadCertificate(issued.RawData);
    }
}
