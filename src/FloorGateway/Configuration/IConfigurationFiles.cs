namespace FloorGateway.Configuration;

/// <summary>Where configuration files come from: the disk, or the files built into the program.</summary>
public interface IConfigurationFiles
{
    /// <summary>The whole text.</summary>
    /// <exception cref="IOException">The file can't be read; the message says why.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    string ReadText(string path);

    /// <summary>The files a pattern names, relative to the file that names them, in ordinal order. <c>*</c> stands in the last part only.</summary>
    IReadOnlyList<string> Find(string fromFile, string pattern);

    /// <summary>A path written in <paramref name="fromFile"/> as the process should open it.</summary>
    string Resolve(string fromFile, string path);

    /// <summary>True where a file named in the configuration (a certificate, a password file) is there.</summary>
    bool Exists(string path);
}
