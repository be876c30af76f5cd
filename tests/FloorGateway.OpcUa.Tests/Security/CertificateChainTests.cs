using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.Security;

/// <summary>Certificates that a CA issued: the chain, and the lists of what was revoked.</summary>
public sealed class CertificateChainTests : IDisposable
{
    private readonly TempDirectory folder = new();
    private readonly TrustList trust;
    private readonly TestAuthority root = new("Works Root", key: 0);

    public CertificateChainTests() => trust = new TrustList(folder["pki"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_peer_of_a_trusted_authority_is_let_in_and_a_missing_revocation_list_is_noted()
    {
        trust.Trust(root.Certificate);
        var result = Validate(root.Issue("press 4").RawData);
        Assert.True(result.IsAccepted, result.Message);
        var note = Assert.Single(result.Notes);
        Assert.Equal(StatusCodes.BadCertificateRevocationUnknown, note.Status.Value);
        Assert.Contains("no revocation list of \"Works Root\"", note.Sentence);
        Assert.Contains(trust.IssuerRevocationFolder, note.Sentence);
    }

    [Fact]
    public void A_missing_list_refuses_where_lists_are_required()
    {
        trust.Trust(root.Certificate);
        var result = Validate(root.Issue("press 4").RawData, new CertificateRules { RequireRevocationLists = true });
        Assert.Equal(StatusCodes.BadCertificateRevocationUnknown, result.Status.Value);
    }

    [Theory]
    [InlineData("trusted", false)]
    [InlineData("issuers", false)]
    [InlineData("issuers", true)]
    public void A_revoked_certificate_is_refused_wherever_the_list_lies(string where, bool pem)
    {
        trust.Trust(root.Certificate);
        var (good, bad) = (root.Issue("press 4"), root.Issue("press 5"));
        Save(where, root.RevocationList(revoked: bad), pem);
        var refused = Validate(bad.RawData);
        Assert.Equal(StatusCodes.BadCertificateRevoked, refused.Status.Value);
        Assert.Contains("was revoked by \"Works Root\"", refused.Message);
        var accepted = Validate(good.RawData, new CertificateRules { RequireRevocationLists = true });
        Assert.True(accepted.IsAccepted, accepted.Message);
        Assert.Empty(accepted.Notes);
    }

    [Fact]
    public void A_list_counts_as_soon_as_its_file_is_there()
    {
        trust.Trust(root.Certificate);
        var peer = root.Issue("press 4");
        Assert.True(Validate(peer.RawData).IsAccepted);
        Save("issuers", root.RevocationList(revoked: peer));
        Assert.False(Validate(peer.RawData).IsAccepted);
    }

    [Fact]
    public void A_revoked_certificate_is_refused_even_where_it_is_trusted_by_name()
    {
        var peer = root.Issue("press 4");
        trust.Trust(peer);
        trust.Trust(root.Certificate);
        Save("trusted", root.RevocationList(revoked: peer));
        Assert.Equal(StatusCodes.BadCertificateRevoked, Validate(peer.RawData).Status.Value);
    }

    [Fact]
    public void A_revoked_authority_takes_all_that_it_issued_with_it()
    {
        var middle = new TestAuthority("Line 1 CA", root);
        trust.Trust(root.Certificate);
        Save("issuers", root.RevocationList(revoked: middle.Certificate));
        var result = Validate([.. middle.Issue("press 4").RawData, .. middle.Certificate.RawData]);
        Assert.Equal(StatusCodes.BadCertificateIssuerRevoked, result.Status.Value);
        Assert.Contains("The CA certificate \"Line 1 CA\" was revoked", result.Message);
    }

    [Fact]
    public void An_old_list_still_revokes_and_says_nothing_good_any_more()
    {
        trust.Trust(root.Certificate);
        var (good, bad) = (root.Issue("press 4"), root.Issue("press 5"));
        Save("issuers", root.RevocationList(daysToNext: -1, daysOld: 31, revoked: bad));
        Assert.Equal(StatusCodes.BadCertificateRevoked, Validate(bad.RawData).Status.Value);
        Assert.Contains("out of date", Assert.Single(Validate(good.RawData).Notes).Sentence);
        Assert.Equal(StatusCodes.BadCertificateRevocationUnknown, Validate(good.RawData, new CertificateRules { RequireRevocationLists = true }).Status.Value);
    }

    [Fact]
    public void The_newest_list_counts()
    {
        trust.Trust(root.Certificate);
        var peer = root.Issue("press 4");
        Save("trusted", root.RevocationList(daysOld: 5, revoked: peer));
        Save("issuers", root.RevocationList(daysOld: 1));
        Assert.True(Validate(peer.RawData).IsAccepted);
    }

    [Fact]
    public void A_list_that_somebody_else_signed_revokes_nothing()
    {
        trust.Trust(root.Certificate);
        var peer = root.Issue("press 4");
        var forger = new TestAuthority("Works Root");
        Save("issuers", forger.RevocationList(revoked: peer));
        var result = Validate(peer.RawData);
        Assert.True(result.IsAccepted, result.Message);
        Assert.Contains("can't be used", Assert.Single(result.Notes).Sentence);
    }

    [Fact]
    public void A_list_of_an_authority_without_the_right_to_sign_lists_is_not_used()
    {
        var mute = new TestAuthority("Mute CA", usage: X509KeyUsageFlags.KeyCertSign);
        trust.Trust(mute.Certificate);
        var peer = mute.Issue("press 4");
        Save("issuers", mute.RevocationList());
        Assert.Equal(StatusCodes.BadCertificateRevocationUnknown, Validate(peer.RawData, new CertificateRules { RequireRevocationLists = true }).Status.Value);
    }

    [Fact]
    public void Garbage_in_the_folder_of_lists_is_passed_over()
    {
        trust.Trust(root.Certificate);
        var list = root.RevocationList(revoked: root.Issue("press 5"));
        for (var length = 0; length < list.Length; length += 7)
            Assert.Null(RevocationList.TryRead(list.AsMemory(0, length)));
        Assert.Null(RevocationList.TryRead("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"u8.ToArray()));
        Save("issuers", list[..100]);
        Assert.True(Validate(root.Issue("press 4").RawData).IsAccepted);
        Assert.Equal(1, RevocationList.TryRead(list)!.Count);
    }

    [Fact]
    public void A_missing_issuer_is_named_with_the_folder_it_belongs_into()
    {
        var middle = new TestAuthority("Line 1 CA", root);
        trust.Trust(root.Certificate);
        var result = Validate(middle.Issue("press 4").RawData);
        Assert.Equal([StatusCodes.BadCertificateUntrusted, StatusCodes.BadCertificateChainIncomplete], result.Findings.Select(f => f.Status.Value));
        Assert.Contains("issued by \"Line 1 CA\"", result.Findings[1].Sentence);
        Assert.Contains(trust.IssuersFolder, result.Findings[1].Sentence);
    }

    [Fact]
    public void An_authority_that_is_known_and_not_trusted_is_offered_to_be_trusted()
    {
        File.WriteAllBytes(Path.Combine(trust.IssuersFolder, "root.der"), root.Certificate.RawData);
        var result = Validate(root.Issue("press 4").RawData);
        Assert.Equal(StatusCodes.BadCertificateUntrusted, Assert.Single(result.Findings).Status.Value);
        Assert.Contains("its CA \"Works Root\"", result.Message);
    }

    [Fact]
    public void A_certificate_that_its_issuer_did_not_sign_is_told_from_one_that_is_not_trusted()
    {
        trust.Trust(root.Certificate);
        var forger = new TestAuthority("Works Root");
        var result = Validate(forger.Issue("press 4").RawData);
        Assert.Contains(result.Findings, f => f.Status.Value == StatusCodes.BadCertificateInvalid && f.Sentence.Contains("did not sign it", StringComparison.Ordinal));
    }

    [Fact]
    public void An_authority_with_a_new_key_and_its_old_one_both_vouch_for_what_they_signed()
    {
        var renewed = new TestAuthority("Works Root");
        trust.Trust(root.Certificate);
        trust.Trust(renewed.Certificate);
        Assert.True(Validate(root.Issue("press 4").RawData).IsAccepted);
        Assert.True(Validate(renewed.Issue("press 5").RawData).IsAccepted);
    }

    [Fact]
    public void An_issuer_that_is_no_authority_is_named()
    {
        var machine = new TestAuthority("press 1", root, isAuthority: false, usage: X509KeyUsageFlags.DigitalSignature);
        trust.Trust(root.Certificate);
        var result = Validate([.. machine.Issue("forged").RawData, .. machine.Certificate.RawData]);
        Assert.Equal(StatusCodes.BadCertificateIssuerUseNotAllowed, result.Status.Value);
        Assert.Contains("\"press 1\" issued \"forged\" but is no CA", result.Message);
        Assert.Contains("may not sign certificates", result.Message);
    }

    [Fact]
    public void A_path_longer_than_an_authority_allows_is_refused()
    {
        var top = new TestAuthority("Short Root", pathLength: 0);
        var middle = new TestAuthority("Line 1 CA", top, key: 2);
        trust.Trust(top.Certificate);
        Assert.True(Validate(top.Issue("press 4").RawData).IsAccepted);
        var result = Validate([.. middle.Issue("press 5").RawData, .. middle.Certificate.RawData]);
        Assert.Equal(StatusCodes.BadCertificateIssuerUseNotAllowed, result.Status.Value);
        Assert.Contains("allows 0 CAs below it and there are 1", result.Message);
    }

    [Fact]
    public void An_expired_authority_is_told_from_an_expired_peer()
    {
        var old = new TestAuthority("Old CA", days: -1);
        trust.Trust(old.Certificate);
        var result = Validate(old.Issue("press 4").RawData);
        Assert.Equal(StatusCodes.BadCertificateIssuerTimeInvalid, Assert.Single(result.Findings).Status.Value);
        Assert.Contains("The CA certificate \"Old CA\" expired", result.Message);
    }

    [Fact]
    public void A_signature_with_sha1_is_too_weak()
    {
        trust.Trust(root.Certificate);
        var result = Validate(root.Issue("press 4", sha1: true).RawData);
        Assert.Equal(StatusCodes.BadCertificatePolicyCheckFailed, Assert.Single(result.Findings).Status.Value);
        Assert.Contains("needs SHA-256", result.Message);
    }

    [Fact]
    public void A_certificate_that_is_about_to_expire_is_noted()
    {
        using var own = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "press 4", ApplicationUri = "urn:press4", Lifetime = TimeSpan.FromDays(20) });
        trust.Trust(own.Certificate);
        var result = Validate(own.Der);
        Assert.True(result.IsAccepted);
        Assert.Contains("expires on", Assert.Single(result.Notes).Sentence);
    }

    [Fact]
    public void A_name_that_a_peer_chose_writes_no_lines_of_its_own()
    {
        var result = Validate(root.Issue("press 4\r\n2026-11-22 all is well \"trust me\"").RawData);
        Assert.DoesNotContain('\n', result.Message);
        Assert.DoesNotContain("\"trust me\"", result.Message);
    }

    [Fact]
    public void A_ring_of_issuers_ends()
    {
        var a = new TestAuthority("A");
        var b = new TestAuthority("B", a, key: 2);
        // A certificate of A's name that B issued: the path never reaches a root.
        var ring = b.Issue("A");
        Assert.False(Validate([.. b.Issue("press 4").RawData, .. b.Certificate.RawData, .. ring.RawData]).IsAccepted);
    }

    private CertificateValidation Validate(byte[] chain, CertificateRules? rules = null) => new CertificateValidator(trust, rules).Validate(chain, SecurityPolicy.Basic256Sha256, CertificateRole.Server);

    private void Save(string where, byte[] list, bool pem = false) => File.WriteAllBytes(
        Path.Combine(trust.Folder, where, "crl", "works.crl"),
        pem ? System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", list)) : list);
}
