using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.Cli;
using FloorGateway.OpcUa.Security;
using Spectre.Console;

namespace FloorGateway.Hosting;

/// <summary>What <c>floorgateway cert</c> does to one certificate store.</summary>
internal sealed class CertificateCommand(string folder)
{
    /// <summary>Characters of a thumbprint that may stand for it; fewer would be a slip of the finger.</summary>
    private const int ShortestThumbprint = 4;

    public int List(TextWriter output, TextWriter error)
    {
        if (Open(error) is not { } trust)
            return ExitCodes.BadConfiguration;
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("where", "thumbprint", "name", "application URI", "valid from", "until");
        table.Columns[1].NoWrap();
        foreach (var entry in trust.List())
        {
            var certificate = entry.Certificate;
            table.AddRow(
                Word(entry.Place),
                certificate.Thumbprint,
                Markup.Escape(CertificateText.Name(certificate)),
                Markup.Escape(string.Join(' ', CertificateText.ReadNames(certificate).Uris.Select(Clean))),
                $"{certificate.NotBefore.ToUniversalTime():yyyy-MM-dd}",
                $"{certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        }

        output.WriteLine(folder);
        Terminal.On(output).Write(table);
        var lists = trust.ReadRevocationLists();
        if (lists.Count > 0)
            output.WriteLine($"{lists.Count} revocation lists: {string.Join("; ", lists.Select(l => $"{Clean(l.Issuer.Name)} with {l.Count} certificates, of {l.ThisUpdate:yyyy-MM-dd}{(l.NextUpdate is { } next ? $", next by {next:yyyy-MM-dd}" : "")}"))}");
        return ExitCodes.Ok;
    }

    public int Show(string which, TextWriter output, TextWriter error)
    {
        if (Open(error) is not { } trust || Find(trust, which, error) is not { } entry)
            return ExitCodes.BadConfiguration;
        var certificate = entry.Certificate;
        var (uris, hosts) = CertificateText.ReadNames(certificate);
        using var key = CertificateText.PublicKey(certificate);
        (string Label, string Text)[] lines =
        [
            ("name", CertificateText.Name(certificate)),
            ("subject", Clean(certificate.Subject)),
            ("issuer", certificate.Subject == certificate.Issuer ? "itself" : Clean(certificate.Issuer)),
            ("application URI", string.Join(", ", uris.Select(Clean))),
            ("hosts", string.Join(", ", hosts.Select(Clean))),
            ("valid", $"{certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} to {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC"),
            ("key", key is null ? "no RSA key" : $"RSA, {key.KeySize} bits"),
            ("signature", certificate.SignatureAlgorithm.FriendlyName ?? certificate.SignatureAlgorithm.Value ?? ""),
            ("serial number", certificate.SerialNumber),
            ("SHA-1 thumbprint", certificate.Thumbprint),
            ("SHA-256", certificate.GetCertHashString(HashAlgorithmName.SHA256)),
            ("file", entry.Path),
        ];
        foreach (var (label, text) in lines.Where(l => l.Text.Length > 0))
            output.WriteLine($"{label,-17} {text}");
        output.WriteLine();
        foreach (var sentence in Findings(trust, entry))
            output.WriteLine($"- {sentence}");
        return ExitCodes.Ok;
    }

    public int Trust(string which, TextWriter output, TextWriter error)
    {
        if (Open(error) is not { } trust || Find(trust, which, error) is not { } entry)
            return ExitCodes.BadConfiguration;
        if (entry.Place is TrustPlace.Own && IsInStore(entry))
        {
            error.WriteLine($"floorgateway: {entry.Path} is the gateway's own certificate; trust it on the servers instead.");
            return ExitCodes.BadConfiguration;
        }

        // A file from elsewhere is not ours to move.
        var path = IsInStore(entry) ? trust.Move(entry, TrustPlace.Trusted) : trust.Trust(entry.Certificate);
        output.WriteLine($"\"{CertificateText.Name(entry.Certificate)}\" is trusted from now on: {path}");
        return ExitCodes.Ok;
    }

    public int Reject(string which, TextWriter output, TextWriter error)
    {
        if (Open(error) is not { } trust || Find(trust, which, error) is not { } entry)
            return ExitCodes.BadConfiguration;
        if (!IsInStore(entry) || entry.Place is not (TrustPlace.Trusted or TrustPlace.Issuers or TrustPlace.Rejected))
        {
            error.WriteLine($"floorgateway: {entry.Path} does not lie in {trust.TrustedFolder}; there is nothing to take back.");
            return ExitCodes.BadConfiguration;
        }

        var path = trust.Move(entry, TrustPlace.Rejected);
        output.WriteLine($"\"{CertificateText.Name(entry.Certificate)}\" is no longer trusted: {path}. A connection that is open ends with its next channel.");
        return ExitCodes.Ok;
    }

    public int Renew(TextWriter output, TextWriter error)
    {
        try
        {
            using var identity = new OpcUaIdentity(folder);
            var old = identity.Certificate.Current;
            var renewed = identity.Certificate.Renew();
            output.WriteLine($"The new certificate is {renewed.Path}, thumbprint {renewed.Certificate.Thumbprint}, valid until {renewed.Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}.");
            output.WriteLine($"Have it trusted on every server. A server that does not trust it yet gets the one before, until {old.Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}.");
            return ExitCodes.Ok;
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"floorgateway: {fault.Message}");
            return ExitCodes.BadConfiguration;
        }
    }

    private static IEnumerable<string> Findings(TrustList trust, TrustListEntry entry)
    {
        // As a peer's, but nobody is put into rejected/ for being looked at.
        var rules = new CertificateRules { AutoAcceptUntrusted = true };
        var result = new CertificateValidator(trust, rules).Validate(entry.Certificate.RawData, SecurityPolicy.Basic256Sha256, CertificateRole.Application);
        if (entry.Place is TrustPlace.Rejected && result.AutoAccepted)
            yield return $"It is not trusted: 'floorgateway cert trust {entry.Certificate.Thumbprint}' lets it in.";
        else if (entry.Place is TrustPlace.Own)
            yield return "It is the gateway's own.";
        else
            yield return result.AutoAccepted ? "It is not trusted." : "It is trusted.";
        foreach (var finding in result.Findings.Concat(result.Notes))
            yield return finding.Sentence;
    }

    private TrustListEntry? Find(TrustList trust, string which, TextWriter error)
    {
        if (File.Exists(which))
        {
            try
            {
                var path = Path.GetFullPath(which);
                return trust.List().FirstOrDefault(e => e.Path == path) ?? new TrustListEntry(TrustPlace.Rejected, path, X509CertificateLoader.LoadCertificateFromFile(path));
            }
            catch (CryptographicException)
            {
                error.WriteLine($"floorgateway: {which} is no certificate in DER or PEM.");
                return null;
            }
        }

        var thumbprint = string.Concat(which.Where(c => c is not (' ' or ':' or '-')));
        var found = thumbprint.Length >= ShortestThumbprint && thumbprint.All(char.IsAsciiHexDigit)
            ? trust.List().Where(e => e.Certificate.Thumbprint.StartsWith(thumbprint, StringComparison.OrdinalIgnoreCase)).ToArray()
            : [];
        switch (found.Select(e => e.Certificate.Thumbprint).Distinct().Count())
        {
            case 1:
                // One that lies in two folders: what was refused last is what somebody asks about.
                return found[^1];
            case 0:
                error.WriteLine($"floorgateway: no certificate in {folder} has a thumbprint that begins with '{which}', and there is no such file; 'floorgateway cert list --pki {folder}' shows what is there.");
                return null;
            default:
                error.WriteLine($"floorgateway: '{which}' may be any of {string.Join(", ", found.Select(e => e.Certificate.Thumbprint).Distinct())}; write more of it.");
                return null;
        }
    }

    private TrustList? Open(TextWriter error)
    {
        if (Directory.Exists(folder))
            return new TrustList(folder);
        error.WriteLine($"floorgateway: there is no certificate store at {folder}; name it with --pki or --config. The gateway makes one at its first start.");
        return null;
    }

    private bool IsInStore(TrustListEntry entry) => entry.Path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Word(TrustPlace place) => place.ToString().ToLowerInvariant();

    // Peers choose these texts; a terminal must not take orders from them.
    private static string Clean(string text) => string.Concat(text.Take(200).Select(c => char.IsControl(c) ? '_' : c));
}
