using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Sqlite;

/// <summary>A value's form in the table: integers and times as INTEGER, floats as REAL, strings as TEXT, the rest as BLOB; NaN (which SQLite can't hold) as NULL.</summary>
internal static class SqliteValue
{
    public static void Bind(SqliteStatement statement, int column, in TagValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                statement.BindNull(column);
                break;
            case ValueKind.Boolean or ValueKind.Int64 or ValueKind.UInt64 or ValueKind.DateTime:
                statement.Bind(column, value.Bits);
                break;
            case ValueKind.Single or ValueKind.Double:
                statement.Bind(column, value.AsDouble());
                break;
            case ValueKind.String:
                statement.Bind(column, value.AsString()!);
                break;
            case ValueKind.Bytes:
                statement.Bind(column, (byte[])value.Reference!);
                break;
            default:
                statement.Bind(column, ValueBlob.Encode(in value));
                break;
        }
    }

    public static TagValue Read(SqliteStatement statement, int column, ValueKind kind) => kind switch
    {
        ValueKind.Null => TagValue.Null,
        ValueKind.Boolean or ValueKind.Int64 or ValueKind.UInt64 or ValueKind.DateTime => TagValue.FromBits(kind, statement.Long(column)),
        ValueKind.Single => TagValue.From(statement.IsNull(column) ? float.NaN : (float)statement.Double(column)),
        ValueKind.Double => TagValue.From(statement.IsNull(column) ? double.NaN : statement.Double(column)),
        ValueKind.String => TagValue.From(statement.Text(column)),
        ValueKind.Bytes => TagValue.From(statement.Blob(column).ToArray()),
        ValueKind.Array or ValueKind.Structure => ValueBlob.Decode(statement.Blob(column)),
        _ => throw new InvalidDataException($"value kind {kind} is not known; the history was written by a newer version"),
    };
}
