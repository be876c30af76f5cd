using FloorGateway.Historian.Influx;
using FloorGateway.Historian.Tests.Contract;
using FloorGateway.TestKit.Foreign;

namespace FloorGateway.Historian.Tests.Foreign;

/// <summary>One server for all tests of a class: each has a database of its own.</summary>
public sealed class RunningInflux : IAsyncLifetime
{
    public InfluxServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await InfluxServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>Written and read through a real InfluxDB 1.6.</summary>
public sealed class InfluxHistoryContractTests(RunningInflux influx) : HistoryContractTests, IClassFixture<RunningInflux>
{
    private static int databases;

    protected override async ValueTask<StoreUnderTest> OpenAsync()
    {
        var name = $"d{Interlocked.Increment(ref databases)}";
        await influx.Server.QueryAsync("", $"CREATE DATABASE {name}");
        var options = new InfluxOptions { Url = influx.Server.Url, Api = InfluxApi.V1, Database = name };
        return new(new InfluxHistory(Catalog, options), new InfluxDestination(Catalog, options));
    }
}
