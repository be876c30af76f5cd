using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace FloorGateway.Historian.Sqlite;

/// <summary>A prepared statement used directly: nothing is allocated per row. Not for two threads at once.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int StackText = 512;

    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("the connection is not open");
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
    }

    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(statement, index, value));

    public void Bind(int index, double value) => Check(raw.sqlite3_bind_double(statement, index, value));

    /// <summary>Binds the string with its length, so that a NUL inside it does not end it.</summary>
    public void Bind(int index, string value)
    {
        var size = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (size <= StackText)
        {
            Span<byte> bytes = stackalloc byte[StackText];
            Check(raw.sqlite3_bind_text(statement, index, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
        }
        else
        {
            Check(raw.sqlite3_bind_text(statement, index, Encoding.UTF8.GetBytes(value)));
        }
    }

    public void Bind(int index, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(statement, index, value));

    public void BindNull(int index) => Check(raw.sqlite3_bind_null(statement, index));

    /// <summary>True = a row is there; false = done.</summary>
    public bool Step() => raw.sqlite3_step(statement) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        var code => throw Failure(code),
    };

    /// <summary>Runs a statement that gives no rows and makes it ready again.</summary>
    public void Run()
    {
        var code = raw.sqlite3_step(statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            var failure = Failure(code);
            Reset();
            throw failure;
        }

        Reset();
    }

    public void Reset() => raw.sqlite3_reset(statement);

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public double Double(int column) => raw.sqlite3_column_double(statement, column);

    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, column));

    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public void Dispose() => statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw Failure(code);
    }

    private SqliteException Failure(int code) => new($"SQLite error {code}: {raw.sqlite3_errmsg(database).utf8_to_string()}", code, raw.sqlite3_extended_errcode(database));
}
