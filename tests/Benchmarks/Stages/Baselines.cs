using System.Text.Json;
using FloorGateway.Model.Samples;
using Microsoft.Data.Sqlite;

namespace Benchmarks.Stages;

/// <summary>What one would do without the product's formats.</summary>
internal sealed class Baselines : IDisposable
{
    private readonly PlantData data;
    private readonly MemoryStream json = new();
    private readonly SqliteConnection connection;
    private readonly SqliteCommand insert;
    private readonly string file;

    public Baselines(PlantData data, string folder)
    {
        this.data = data;
        file = Path.Combine(folder, "rows.db");
        connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE rows (tag INTEGER, time INTEGER, value REAL, quality INTEGER, PRIMARY KEY (tag, time)) WITHOUT ROWID");
        insert = connection.CreateCommand();
        insert.CommandText = "INSERT OR REPLACE INTO rows VALUES ($tag, $time, $value, $quality)";
        foreach (var name in (string[])["$tag", "$time", "$value", "$quality"])
            insert.Parameters.Add(new SqliteParameter { ParameterName = name });
    }

    /// <summary>Bytes of the last <see cref="JsonLines"/>.</summary>
    public long JsonBytes => json.Length;

    public long SqliteBytes
    {
        get
        {
            Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            return new FileInfo(file).Length;
        }
    }

    /// <summary>One serialised record a line.</summary>
    public int JsonLines(SampleBatch batch)
    {
        json.SetLength(0);
        foreach (ref readonly var sample in batch.Samples)
        {
            var row = new Row(data[sample.Tag].Path, sample.Value.AsDouble(), sample.Quality.ToString(), new DateTime(sample.SourceTime, DateTimeKind.Utc));
            JsonSerializer.Serialize(json, row, JsonSerializerOptions.Web);
            json.WriteByte((byte)'\n');
        }

        return batch.Count;
    }

    /// <summary>One row a sample, one transaction a batch, prepared statement, key (tag, time).</summary>
    public int SqliteRows(SampleBatch batch)
    {
        using var transaction = connection.BeginTransaction();
        insert.Transaction = transaction;
        foreach (ref readonly var sample in batch.Samples)
        {
            insert.Parameters[0].Value = sample.Tag;
            insert.Parameters[1].Value = sample.SourceTime;
            insert.Parameters[2].Value = sample.Value.AsDouble();
            insert.Parameters[3].Value = (long)sample.Status;
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
        return batch.Count;
    }

    public void Dispose()
    {
        insert.Dispose();
        connection.Dispose();
        json.Dispose();
    }

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed record Row(string Tag, double Value, string Quality, DateTime Time);
}
