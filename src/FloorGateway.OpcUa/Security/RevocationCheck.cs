using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Security;

/// <summary>Looks each certificate of a path up in the list of its issuer (Part 4, 6.1.3, last two steps).</summary>
internal sealed class RevocationCheck(IReadOnlyList<RevocationList> lists, CertificateRules rules, string crlFolder, DateTimeOffset now)
{
    public void Check(CertificatePath path, CertificateFindings findings)
    {
        // A root vouches for itself; the issuer of the last certificate of an incomplete path is not there to have a list verified with.
        for (var i = 0; i < path.Certificates.Count - 1; i++)
            Check(path.Certificates[i], path.Certificates[i + 1], isLeaf: i == 0, findings);
    }

    private void Check(X509Certificate2 certificate, X509Certificate2 issuer, bool isLeaf, CertificateFindings findings)
    {
        var name = findings.Name(certificate, isLeaf);
        var authority = CertificateText.Name(issuer);
        var list = lists.Where(l => l.IsFor(certificate) && l.IsSignedBy(issuer) && !l.HasUnknownCriticalExtension && l.ThisUpdate <= now + rules.ClockSkew).MaxBy(l => l.ThisUpdate);
        if (list is null)
        {
            var why = lists.Any(l => l.IsFor(certificate))
                ? $"the revocation list of \"{authority}\" can't be used: it is not signed by that CA with SHA-256 or better, lies in the future, or covers only a part of its certificates"
                : $"there is no revocation list of \"{authority}\"";
            Unknown($"Whether {name} was revoked is not known, since {why}: put the CA's list (*.crl) into {crlFolder}.");
        }
        else if (list.Contains(certificate))
        {
            findings.Refuse(
                isLeaf ? StatusCodes.BadCertificateRevoked : StatusCodes.BadCertificateIssuerRevoked,
                $"{CertificateFindings.Capital(name)} was revoked by \"{authority}\", as its list of {list.ThisUpdate:yyyy-MM-dd} says: {(isLeaf ? $"the {findings.Role} needs a new certificate" : "what it issued is no longer valid")}.");
        }
        else if (list.NextUpdate is { } next && now > next + rules.ClockSkew)
        {
            Unknown($"Whether {name} was revoked is not known: the list of \"{authority}\" is out of date since {next:yyyy-MM-dd HH:mm} UTC. Put the CA's newest list into {crlFolder}.");
        }

        void Unknown(string sentence)
        {
            var status = isLeaf ? StatusCodes.BadCertificateRevocationUnknown : StatusCodes.BadCertificateIssuerRevocationUnknown;
            if (rules.RequireRevocationLists)
                findings.Refuse(status, sentence);
            else
                findings.Note(status, sentence);
        }
    }
}
