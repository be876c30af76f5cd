using FloorGateway.Historian.Sqlite;
using FloorGateway.Historian.Tests.Contract;
using FloorGateway.TestKit;

namespace FloorGateway.Historian.Tests.Sqlite;

public sealed class SqliteHistoryContractTests : HistoryContractTests
{
    protected override ValueTask<StoreUnderTest> OpenAsync()
    {
        var folder = new TempDirectory();
        var history = new SqliteHistory(Catalog, new() { Path = folder["history.db"] });
        return ValueTask.FromResult(new StoreUnderTest(history, history, folder));
    }
}
