using Microsoft.Data.Sqlite;

namespace FloorGateway.Historian.Sqlite;

/// <summary>Keeps the head of a history that another process writes: what has come into its log since is read before each query.</summary>
internal sealed class LogFollower : IDisposable
{
    private readonly Lock gate = new();
    private readonly HistoryHead head;
    private readonly SqliteConnection connection;
    private readonly SqliteStatement version;
    private readonly SqliteStatement ends;
    private readonly SqliteStatement rows;
    private long seen = -1;
    private long first = -1;
    private long last = -1;

    /// <exception cref="InvalidDataException">The file was written by another version.</exception>
    public LogFollower(SqliteHistoryOptions options, HistoryHead head)
    {
        this.head = head;
        connection = SqliteSchema.OpenReader(options);
        version = new(connection, "PRAGMA data_version");
        ends = new(connection, "SELECT COALESCE(MIN(id), -1), COALESCE(MAX(id), -1) FROM log");
        rows = new(connection, "SELECT id, data FROM log WHERE id > ?1 ORDER BY id");
    }

    public void Refresh()
    {
        lock (gate)
        {
            var now = Long(version, 0);
            if (now == seen)
                return;
            var begins = Long(ends, 0);
            // The log was written anew: what it no longer holds is in chunks.
            if (begins != first)
            {
                head.Clear();
                (first, last) = (begins, -1);
            }

            rows.Bind(1, last);
            try
            {
                while (rows.Step())
                {
                    LogCodec.Read(rows.Blob(1), head);
                    last = rows.Long(0);
                }
            }
            finally
            {
                rows.Reset();
            }

            seen = now;
        }
    }

    public void Dispose()
    {
        version.Dispose();
        ends.Dispose();
        rows.Dispose();
        connection.Dispose();
    }

    private static long Long(SqliteStatement statement, int column)
    {
        try
        {
            statement.Step();
            return statement.Long(column);
        }
        finally
        {
            statement.Reset();
        }
    }
}
