using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FloorGateway.OpcUa.Security;

/// <summary>
/// Four folders that say whom the application trusts: <c>own/</c> (its certificate and key), <c>trusted/</c> (peers, or CAs whose
/// certificates are trusted), <c>issuers/</c> (CAs needed to complete a chain, not trusted by themselves) and <c>rejected/</c>
/// (refused peers, to be looked at and moved). The CAs' revocation lists lie in <c>trusted/crl/</c> or <c>issuers/crl/</c>, in either as
/// one likes. The folders are read at each check, so a moved file counts at once.
/// Thread-safe.
/// </summary>
public sealed class TrustList
{
    /// <summary>Most files kept in <c>rejected/</c>; the oldest goes, so that strangers can't fill the disk.</summary>
    public const int MaxRejected = 100;

    private static readonly string[] CertificateExtensions = [".der", ".cer", ".crt", ".pem"];

    private readonly Lock gate = new();
    private readonly Dictionary<string, (DateTime Written, X509Certificate2? Certificate)> cache = [];
    private readonly Dictionary<string, (DateTime Written, RevocationList? List)> lists = [];

    /// <summary>Makes the four folders where they are missing.</summary>
    public TrustList(string folder)
    {
        Folder = folder;
        CreateOwnFolder(OwnFolder);
        foreach (var path in (string[])[TrustedRevocationFolder, IssuerRevocationFolder, RejectedFolder])
            Directory.CreateDirectory(path);
    }

    /// <summary>Makes the folder of the private key, for its owner alone (on Windows it has its parent's rights).</summary>
    internal static void CreateOwnFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Folder { get; }

    public string OwnFolder => Path.Combine(Folder, "own");

    public string TrustedFolder => Path.Combine(Folder, "trusted");

    public string IssuersFolder => Path.Combine(Folder, "issuers");

    public string TrustedRevocationFolder => Path.Combine(TrustedFolder, "crl");

    public string IssuerRevocationFolder => Path.Combine(IssuersFolder, "crl");

    public string RejectedFolder => Path.Combine(Folder, "rejected");

    /// <summary>The certificates in <c>trusted/</c> (.der, .cer, .crt, .pem). Files that are no certificate are passed over.</summary>
    public X509Certificate2Collection ReadTrusted() => Read(TrustedFolder);

    /// <summary>The certificates in <c>issuers/</c>.</summary>
    public X509Certificate2Collection ReadIssuers() => Read(IssuersFolder);

    /// <summary>The revocation lists (*.crl, DER or PEM) of both folders. Files that are none are passed over.</summary>
    public IReadOnlyList<RevocationList> ReadRevocationLists()
    {
        List<RevocationList> found = [];
        lock (gate)
        {
            foreach (var file in Files(TrustedRevocationFolder, ".crl").Concat(Files(IssuerRevocationFolder, ".crl")))
            {
                if (!lists.TryGetValue(file.FullName, out var entry) || entry.Written != file.LastWriteTimeUtc)
                    lists[file.FullName] = entry = (file.LastWriteTimeUtc, TryLoadList(file));
                if (entry.List is not null)
                    found.Add(entry.List);
            }
        }

        return found;
    }

    /// <summary>True when this very certificate lies in <c>trusted/</c>.</summary>
    public bool IsTrusted(X509Certificate2 certificate) => ReadTrusted().Any(t => t.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));

    /// <summary>Puts a certificate into <c>trusted/</c>, out of <c>rejected/</c> if it is there, and returns its path.</summary>
    public string Trust(X509Certificate2 certificate)
    {
        var name = CertificateText.FileName(certificate);
        var path = Path.Combine(TrustedFolder, name);
        File.WriteAllBytes(path, certificate.RawData);
        File.Delete(Path.Combine(RejectedFolder, name));
        return path;
    }

    /// <summary>Keeps a refused certificate in <c>rejected/</c> for somebody to look at, and returns its path.</summary>
    public string SaveRejected(X509Certificate2 certificate)
    {
        var path = Path.Combine(RejectedFolder, CertificateText.FileName(certificate));
        lock (gate)
        {
            if (File.Exists(path))
                return path;
            File.WriteAllBytes(path, certificate.RawData);
            foreach (var old in new DirectoryInfo(RejectedFolder).EnumerateFiles().OrderByDescending(f => f.LastWriteTimeUtc).ThenBy(f => f.Name).Skip(MaxRejected))
                old.Delete();
        }

        return path;
    }

    /// <summary>Every certificate of the four folders, in their order, by file name.</summary>
    public IReadOnlyList<TrustListEntry> List() =>
    [
        .. Enum.GetValues<TrustPlace>().SelectMany(place => Files(FolderOf(place), CertificateExtensions)
            .OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase)
            .Select(f => (f.FullName, Certificate: TryLoad(f.FullName)))
            .Where(f => f.Certificate is not null)
            .Select(f => new TrustListEntry(place, f.FullName, f.Certificate!))),
    ];

    /// <summary>Moves a certificate to another folder, under the name the library gives it, and returns its new path.</summary>
    public string Move(TrustListEntry entry, TrustPlace to)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var path = Path.Combine(FolderOf(to), CertificateText.FileName(entry.Certificate));
        if (path == entry.Path)
            return path;
        // Written anew: the file may be PEM, and the name says DER.
        File.WriteAllBytes(path, entry.Certificate.RawData);
        File.Delete(entry.Path);
        return path;
    }

    private string FolderOf(TrustPlace place) => place switch
    {
        TrustPlace.Own => OwnFolder,
        TrustPlace.Trusted => TrustedFolder,
        TrustPlace.Issuers => IssuersFolder,
        _ => RejectedFolder,
    };

    private X509Certificate2Collection Read(string folder)
    {
        var found = new X509Certificate2Collection();
        lock (gate)
        {
            foreach (var file in Files(folder, CertificateExtensions))
            {
                if (!cache.TryGetValue(file.FullName, out var entry) || entry.Written != file.LastWriteTimeUtc)
                {
                    entry = (file.LastWriteTimeUtc, TryLoad(file.FullName));
                    cache[file.FullName] = entry;
                }

                if (entry.Certificate is not null)
                    found.Add(entry.Certificate);
            }
        }

        return found;
    }

    private static IEnumerable<FileInfo> Files(string folder, params string[] extensions) =>
        Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFiles().Where(f => extensions.Contains(f.Extension, StringComparer.OrdinalIgnoreCase))
            : [];

    private static RevocationList? TryLoadList(FileInfo file)
    {
        try
        {
            return file.Length > RevocationList.MaxFileLength ? null : RevocationList.TryRead(File.ReadAllBytes(file.FullName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static X509Certificate2? TryLoad(string path)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
