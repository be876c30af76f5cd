using FloorGateway.Historian.Sqlite;
using FloorGateway.Historian.Tests.Contract;
using FloorGateway.TestKit;

namespace FloorGateway.Historian.Tests.Sqlite;

/// <summary>As delivered: everything still in the log and in memory.</summary>
public sealed class SqliteHistoryContractTests : HistoryContractTests
{
    protected override ValueTask<StoreUnderTest> OpenAsync()
    {
        var folder = new TempDirectory();
        var history = new SqliteHistory(Catalog, new() { Path = folder["history.db"] });
        return ValueTask.FromResult(new StoreUnderTest(history, history, folder));
    }
}

/// <summary>Everything packed after each delivery, in chunks that hold almost nothing.</summary>
public sealed class SqlitePackedContractTests : HistoryContractTests
{
    protected override ValueTask<StoreUnderTest> OpenAsync()
    {
        var folder = new TempDirectory();
        var history = new SqliteHistory(Catalog, new() { Path = folder["history.db"], OpenSamples = 1, ChunkSamples = 3 });
        return ValueTask.FromResult(new StoreUnderTest(history, history, folder));
    }
}

/// <summary>Read by another process than the one that writes.</summary>
public sealed class SqliteReadOnlyContractTests : HistoryContractTests
{
    protected override ValueTask<StoreUnderTest> OpenAsync()
    {
        var folder = new TempDirectory();
        var options = new SqliteHistoryOptions { Path = folder["history.db"], OpenSamples = 4, ChunkSamples = 3 };
        var writing = new SqliteHistory(Catalog, options);
        var reading = new SqliteHistory(Catalog, options with { ReadOnly = true });
        return ValueTask.FromResult(new StoreUnderTest(reading, writing, folder));
    }
}
