using System.Buffers;
using FloorGateway.OpcUa.Security;
using FloorGateway.TestKit;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>Certificates and chains as peers send them: cut into their parts, their names and keys read, and validated against a trust list with one CA.</summary>
internal sealed class CertificateTarget : IFuzzTarget
{
    private static readonly SearchValues<char> Unsafe = SearchValues.Create("/\\:*?\"<>|\0");
    private static readonly byte[] Leaf = Making.Seeds.Read("leaf.der");
    private readonly CertificateValidator validator;

    public CertificateTarget()
    {
        // The root is trusted and the issuer known, so that paths are walked to their end.
        var folder = new TempDirectory();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        var trust = new TrustList(folder.Path);
        File.WriteAllBytes(Path.Combine(trust.TrustedFolder, "root.der"), Making.Seeds.Read("root.der"));
        File.WriteAllBytes(Path.Combine(trust.IssuersFolder, "issuer.der"), Making.Seeds.Read("issuer.der"));
        validator = new CertificateValidator(trust, new CertificateRules());
    }

    public string Name => "certificate";

    public int Weight => 1;

    public IReadOnlyList<byte[]> Seeds { get; } = MakeSeeds();

    public byte[] Make(FuzzRandom random) => [.. random.Pick(Seeds), .. random.OneIn(2) ? random.Pick(Seeds) : []];

    public long MaxAllocation(int length) => 4_000_000 + (100L * length);

    public Verdict Run(byte[] input)
    {
        var first = CertificateText.First(input);
        DefectException.ThrowIf(first.Length > input.Length, "The first certificate is longer than its chain");
        var chain = CertificateText.ReadChain(input);
        DefectException.ThrowIf(chain is { Count: 0 or > 8 }, $"A chain of {chain?.Count}");
        var path = chain?.Count ?? 0;
        foreach (var certificate in chain ?? [])
        {
            var names = CertificateText.ReadNames(certificate);
            var file = CertificateText.FileName(certificate);
            DefectException.ThrowIf(file.Length > 120 || file.AsSpan().ContainsAny(Unsafe) || file.StartsWith('.'), $"'{file}' is no safe file name");
            using var key = CertificateText.PublicKey(certificate);
            path = HashCode.Combine(path, names.Uris.Count, names.Hosts.Count, key?.KeySize);
        }

        var validation = validator.Validate(input, SecurityPolicy.Basic256Sha256, CertificateRole.Client);
        DefectException.ThrowIf(validation.IsAccepted && !first.SequenceEqual(Leaf), "A certificate was accepted that nobody trusts");
        foreach (var certificate in chain ?? [])
            certificate.Dispose();
        return new Verdict(chain is not null, HashCode.Combine(path, validation.Status.Value));
    }

    /// <summary>A self-signed certificate alone and twice, one with two issuers, and what is none.</summary>
    private static byte[][] MakeSeeds()
    {
        var self = Making.Seeds.Read("self-signed.der");
        var issuer = Making.Seeds.Read("issuer.der");
        var root = Making.Seeds.Read("root.der");
        return [self, [.. self, .. self], Leaf, [.. Leaf, .. issuer, .. root], [.. Leaf, .. root], [0x30, 0x03, 0x02, 0x01, 0x00], [0x30, 0x80, 0x00, 0x00]];
    }
}
