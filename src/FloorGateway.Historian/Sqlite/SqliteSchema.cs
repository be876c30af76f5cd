using Microsoft.Data.Sqlite;

namespace FloorGateway.Historian.Sqlite;

/// <summary>Tables and settings of the history's database.</summary>
internal static class SqliteSchema
{
    /// <summary>Kept in <c>user_version</c>; a file of another version is not opened.</summary>
    public const int Version = 2;

    // Source times are UTC ticks. log holds samples as they came, chunks those of one tag packed (key: ChunkKey), rollups the cells of one tag, level and day
    // (key: RollupKey), todo the days whose rollups are to be made (again), gaps the gap records, damaged the chunks that can't be read.
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS tags (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
        CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS chunks (key INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS rollups (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS todo (day INTEGER NOT NULL, tag INTEGER NOT NULL, PRIMARY KEY (day, tag)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS damaged (key INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS gaps (
            server TEXT NOT NULL, tag TEXT NOT NULL, "from" INTEGER NOT NULL, "to" INTEGER NOT NULL, cause TEXT NOT NULL,
            PRIMARY KEY (server, tag, "from", "to", cause)) WITHOUT ROWID;
        """;

    /// <summary>Opens for writing, makes what is missing.</summary>
    /// <exception cref="InvalidDataException">The file was written by another version.</exception>
    public static SqliteConnection OpenWriter(SqliteHistoryOptions options)
    {
        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(options.Path)) is { } folder)
            Directory.CreateDirectory(folder);
        var connection = Open(options.Path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // synchronous=FULL: a commit is the acknowledgement that moves the feed's cursor, so it must survive a power cut.
            Execute(connection, $"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-{Math.Max(options.CacheBytes / 1024, 2000)};");
            CheckVersion(connection, options);
            Execute(connection, Tables + $"PRAGMA user_version={Version};");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <exception cref="InvalidDataException">The file was written by another version.</exception>
    public static SqliteConnection OpenReader(SqliteHistoryOptions options)
    {
        var connection = Open(options.Path, SqliteOpenMode.ReadOnly);
        try
        {
            CheckVersion(connection, options);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // All statements are constants of this assembly; the one number put in is an option's.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // As above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private static long CheckVersion(SqliteConnection connection, SqliteHistoryOptions options)
    {
        var version = Scalar(connection, "PRAGMA user_version");
        return version is 0 or Version
            ? version
            : throw new InvalidDataException($"{options.Path} was written by {(version > Version ? "a newer" : "an older")} version of the gateway (format {version}, this one knows {Version}); {(version > Version ? "update the gateway or give" : "move the file away or give")} another path");
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 10 }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
