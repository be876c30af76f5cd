using Microsoft.Data.Sqlite;

namespace FloorGateway.Historian.Sqlite;

/// <summary>Tables and settings of the history's database.</summary>
internal static class SqliteSchema
{
    /// <summary>Kept in <c>user_version</c>; a newer file is not opened.</summary>
    public const int Version = 1;

    // samples is clustered by tag and time: a trend reads neighbours. Source times are UTC ticks; value has no declared type, so SQLite stores what it is
    // given; kind is Model's ValueKind, status the OPC UA code (0 takes no room).
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS tags (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
        CREATE TABLE IF NOT EXISTS samples (
            tag INTEGER NOT NULL, time INTEGER NOT NULL, value, kind INTEGER NOT NULL, status INTEGER NOT NULL,
            PRIMARY KEY (tag, time)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS gaps (
            server TEXT NOT NULL, tag TEXT NOT NULL, "from" INTEGER NOT NULL, "to" INTEGER NOT NULL, cause TEXT NOT NULL,
            PRIMARY KEY (server, tag, "from", "to", cause)) WITHOUT ROWID;
        """;

    /// <summary>One row per tag and source time. The last one wins, except that bad (status 0x80000000 and above) never replaces what is not bad.</summary>
    public const string Insert = """
        INSERT INTO samples (tag, time, value, kind, status) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (tag, time) DO UPDATE SET value = excluded.value, kind = excluded.kind, status = excluded.status
        WHERE excluded.status < 2147483648 OR samples.status >= 2147483648
        """;

    public const string Select = "SELECT time, value, kind, status FROM samples WHERE tag = ?1 AND time >= ?2 AND time < ?3 ORDER BY time LIMIT ?4";

    /// <summary>Opens for writing, makes what is missing.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public static SqliteConnection OpenWriter(SqliteHistoryOptions options)
    {
        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(options.Path)) is { } folder)
            Directory.CreateDirectory(folder);
        var connection = Open(options.Path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // synchronous=FULL: a commit is the acknowledgement that moves the feed's cursor, so it must survive a power cut.
            Execute(connection, $"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-{Math.Max(options.CacheBytes / 1024, 2000)};");
            var version = Scalar(connection, "PRAGMA user_version");
            if (version > Version)
                throw new InvalidDataException($"{options.Path} was written by a newer version of the gateway (format {version}, this one knows {Version}); update the gateway or give another path");
            Execute(connection, Tables + $"PRAGMA user_version={Version};");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static SqliteConnection OpenReader(SqliteHistoryOptions options) => Open(options.Path, SqliteOpenMode.ReadOnly);

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // All statements are constants of this assembly; the one number put in is an option's.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // As above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
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
