namespace FloorGateway.Model.History;

/// <summary>A history can't answer now. The message says what happened, to what, and what to do.</summary>
public sealed class HistoryException : Exception
{
    public HistoryException()
    {
    }

    public HistoryException(string message)
        : base(message)
    {
    }

    public HistoryException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
