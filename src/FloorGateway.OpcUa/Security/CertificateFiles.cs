namespace FloorGateway.OpcUa.Security;

/// <summary>
/// The files of the own certificate: <c>NAME.der</c>, <c>NAME.key.pem</c>, and <c>old/</c> with those before. Two files can't be replaced at
/// once; so a new pair is first written beside the old one (<c>.new</c>), then the key is moved into place, then the certificate. Whoever finds
/// a <c>NAME.der.new</c> finishes or undoes that.
/// </summary>
internal static class CertificateFiles
{
    public static string CertificatePath(string folder, string name) => Path.Combine(folder, Safe(name) + ".der");

    public static string KeyPath(string folder, string name) => Path.Combine(folder, Safe(name) + ".key.pem");

    /// <summary>When the pair was written; changes with every replacement.</summary>
    public static (DateTime Certificate, DateTime Key) Written(string folder, string name) =>
        (File.GetLastWriteTimeUtc(CertificatePath(folder, name)), File.GetLastWriteTimeUtc(KeyPath(folder, name)));

    /// <summary>Loads the pair.</summary>
    /// <exception cref="InvalidOperationException">A file is unreadable or they do not belong together.</exception>
    public static ApplicationCertificate Load(string folder, string name)
    {
        FinishReplacement(folder, name);
        return ApplicationCertificate.Load(CertificatePath(folder, name), KeyPath(folder, name));
    }

    /// <summary>Writes the first pair of a folder.</summary>
    public static void Create(string folder, string name, ApplicationCertificate created)
    {
        TrustList.CreateOwnFolder(folder);
        WriteSecret(KeyPath(folder, name), created.PrivateKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllBytes(CertificatePath(folder, name), created.Der);
    }

    /// <summary>Makes a new pair, keeps the old one in <c>old/</c>, and puts the new one in its place.</summary>
    public static ApplicationCertificate Renew(string folder, ApplicationCertificate old, ApplicationCertificateOptions options, TimeProvider time)
    {
        var name = options.ApplicationName;
        var (certificatePath, keyPath) = (CertificatePath(folder, name), KeyPath(folder, name));
        var archive = Path.Combine(folder, "old");
        TrustList.CreateOwnFolder(archive);
        var archived = Path.Combine(archive, $"{Safe(name)} [{old.Certificate.Thumbprint}]");
        File.Copy(certificatePath, archived + ".der", overwrite: true);
        // A copy keeps the rights of the file it is made from.
        File.Copy(keyPath, archived + ".key.pem", overwrite: true);

        var renewed = ApplicationCertificate.CreateSelfSigned(options, time.GetUtcNow(), certificatePath);
        File.Delete(keyPath + ".new");
        WriteSecret(keyPath + ".new", renewed.PrivateKey.ExportPkcs8PrivateKeyPem());
        File.WriteAllBytes(certificatePath + ".new", renewed.Der);
        File.Move(keyPath + ".new", keyPath, overwrite: true);
        File.Move(certificatePath + ".new", certificatePath, overwrite: true);
        return renewed;
    }

    /// <summary>The newest pair in <c>old/</c> that is in time, or null.</summary>
    public static ApplicationCertificate? LoadPrevious(string folder, string name, ApplicationCertificate current, DateTimeOffset now)
    {
        var archive = Path.Combine(folder, "old");
        if (!Directory.Exists(archive))
            return null;
        ApplicationCertificate? newest = null;
        foreach (var file in Directory.EnumerateFiles(archive, $"{Safe(name)} [*].der"))
        {
            var key = Path.ChangeExtension(file, ".key.pem");
            if (!File.Exists(key) || !ApplicationCertificate.AreAPair(file, key))
                continue;
            var found = ApplicationCertificate.Load(file, key);
            var isBetter = found.Certificate.NotAfter.ToUniversalTime() > now.UtcDateTime
                && !found.Der.AsSpan().SequenceEqual(current.Der)
                && (newest is null || found.Certificate.NotBefore > newest.Certificate.NotBefore);
            (isBetter ? newest : found)?.Dispose();
            if (isBetter)
                newest = found;
        }

        return newest;
    }

    /// <summary>A replacement that was cut off (power, a kill): finished when its key is in place already, otherwise undone.</summary>
    public static void FinishReplacement(string folder, string name)
    {
        var (certificatePath, keyPath) = (CertificatePath(folder, name), KeyPath(folder, name));
        if (!File.Exists(certificatePath + ".new"))
            return;
        if (!File.Exists(keyPath + ".new") && ApplicationCertificate.AreAPair(certificatePath + ".new", keyPath))
        {
            File.Move(certificatePath + ".new", certificatePath, overwrite: true);
            return;
        }

        File.Delete(certificatePath + ".new");
        File.Delete(keyPath + ".new");
    }

    private static string Safe(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));

    private static void WriteSecret(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
