using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.OpcUa.Security;

/// <summary>
/// The own certificate over time: the one in use now and, after a renewal, the one before it. New channels use <see cref="Current"/>;
/// channels and sessions that were made with the one before go on with it. Thread-safe.
/// </summary>
public sealed class OwnCertificate : IDisposable
{
    private readonly Lock gate = new();
    private readonly string? folder;
    private readonly ApplicationCertificateOptions? options;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly List<ApplicationCertificate> retired = [];
    private volatile ApplicationCertificate current;
    private volatile ApplicationCertificate? previous;
    private (DateTime Certificate, DateTime Key) written;
    private bool warned;

    private OwnCertificate(ApplicationCertificate current, string? folder, ApplicationCertificateOptions? options, TimeProvider? time, ILoggerFactory? loggers)
    {
        (this.current, this.folder, this.options) = (current, folder, options);
        this.time = time ?? TimeProvider.System;
        log = (loggers ?? NullLoggerFactory.Instance).CreateLogger<OwnCertificate>();
        if (folder is not null)
        {
            written = CertificateFiles.Written(folder, options!.ApplicationName);
            previous = CertificateFiles.LoadPrevious(folder, options.ApplicationName, current, this.time.GetUtcNow());
        }
    }

    /// <summary>What new channels and new sessions use.</summary>
    public ApplicationCertificate Current => current;

    /// <summary>
    /// The one before it, while it is in time: for peers that have not read our endpoints again, and for servers that do not trust the new one
    /// yet. Null when there is none.
    /// </summary>
    public ApplicationCertificate? Previous => previous is { } before && time.GetUtcNow() <= before.Certificate.NotAfter.ToUniversalTime() ? before : null;

    /// <summary>A certificate that never changes.</summary>
    public static OwnCertificate Fixed(ApplicationCertificate certificate) => new(certificate, null, null, null, null);

    /// <summary>A certificate that never changes, as <see cref="Fixed"/>.</summary>
    public static implicit operator OwnCertificate(ApplicationCertificate certificate) => Fixed(certificate);

    /// <summary>Loads or makes the certificate in <paramref name="ownFolder"/>, and renews it if that is due.</summary>
    /// <exception cref="InvalidOperationException">The files can't be used; says which and what to do.</exception>
    public static OwnCertificate Open(string ownFolder, ApplicationCertificateOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        var own = new OwnCertificate(ApplicationCertificate.LoadOrCreate(ownFolder, options, time), ownFolder, options, time, loggers);
        own.Refresh();
        return own;
    }

    /// <summary>The current certificate or the one before it, by the thumbprint a peer encrypted for; null for any other and for expired ones.</summary>
    public ApplicationCertificate? Find(ReadOnlySpan<byte> thumbprint)
    {
        var newest = current;
        if (thumbprint.SequenceEqual(newest.Thumbprint))
            return newest;
        return Previous is { } before && thumbprint.SequenceEqual(before.Thumbprint) ? before : null;
    }

    /// <summary>
    /// Takes over files that were changed by hand or by the command line, and renews a self-signed certificate whose end is near
    /// (<see cref="ApplicationCertificateOptions.RenewBefore"/>). A server calls it every minute, a client before it connects. What fails is
    /// logged, and the certificate in use stays.
    /// </summary>
    /// <returns>True when <see cref="Current"/> is another than before.</returns>
    public bool Refresh()
    {
        if (folder is null)
            return false;
        lock (gate)
        {
            try
            {
                return Reload_NeedsLock() | RenewIfDue_NeedsLock();
            }
            catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
            {
                SecurityLog.OwnCertificateFailed(log, e.Message);
                return false;
            }
        }
    }

    /// <summary>Renews a self-signed certificate now, due or not. A gateway that runs takes it over within a minute or at its next connection.</summary>
    /// <exception cref="InvalidOperationException">It never changes, or a CA issued it.</exception>
    public ApplicationCertificate Renew()
    {
        if (folder is null)
            throw new InvalidOperationException("This certificate lives in memory only and can't be renewed.");
        lock (gate)
        {
            Reload_NeedsLock();
            if (!CertificatePath.IsSelfIssued(current.Certificate))
                throw new InvalidOperationException($"{current.Path} was issued by \"{PeerText.Clean(current.Certificate.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, forIssuer: true))}\": have that CA issue a new one, and put it there with its key.");
            Renew_NeedsLock();
            return current;
        }
    }

    public void Dispose()
    {
        current.Dispose();
        previous?.Dispose();
        foreach (var old in retired)
            old.Dispose();
    }

    private bool Reload_NeedsLock()
    {
        var now = CertificateFiles.Written(folder!, options!.ApplicationName);
        if (now == written)
            return false;
        var loaded = CertificateFiles.Load(folder!, options.ApplicationName);
        written = now;
        if (loaded.Der.AsSpan().SequenceEqual(current.Der))
        {
            loaded.Dispose();
            return false;
        }

        Replace_NeedsLock(loaded);
        SecurityLog.OwnCertificateChanged(log, loaded.Path!, loaded.Certificate.NotAfter.ToUniversalTime());
        return true;
    }

    private bool RenewIfDue_NeedsLock()
    {
        var certificate = current.Certificate;
        if (!ApplicationCertificate.IsRenewalDue(certificate, options!.RenewBefore, time.GetUtcNow()))
            return false;
        if (!CertificatePath.IsSelfIssued(certificate))
        {
            // Somebody else's signature can't be renewed here; once is enough to say so.
            if (!warned)
                SecurityLog.OwnCertificateExpires(log, current.Path!, certificate.NotAfter.ToUniversalTime());
            warned = true;
            return false;
        }

        Renew_NeedsLock();
        return true;
    }

    private void Renew_NeedsLock()
    {
        var end = current.Certificate.NotAfter.ToUniversalTime();
        var renewed = CertificateFiles.Renew(folder!, current, options!, time);
        written = CertificateFiles.Written(folder!, options!.ApplicationName);
        Replace_NeedsLock(renewed);
        SecurityLog.OwnCertificateRenewed(log, end, renewed.Path!);
    }

    private void Replace_NeedsLock(ApplicationCertificate next)
    {
        // Channels may still hold the key of the one before the last; keys are small and renewals rare, so they are kept to the end.
        if (previous is { } before)
            retired.Add(before);
        previous = current;
        current = next;
        warned = false;
    }
}
