namespace FloorGateway.Configuration;

/// <summary>Absolute paths of a user's certificate (DER or PEM) and its RSA key (PEM without a password).</summary>
public sealed record UserCertificateSettings(string CertificateFile, string KeyFile);
