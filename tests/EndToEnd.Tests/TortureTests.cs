using Torture;

namespace EndToEnd.Tests;

/// <summary>The torture run in its short form; <c>dotnet run --project tests/Torture</c> is the long one.</summary>
public sealed class TortureTests
{
    [Fact]
    public async Task Ten_blows_lose_nothing_that_is_not_named()
    {
        var outcome = await TortureRun.ExecuteAsync(new TortureOptions { Rounds = 10, Seed = 5 }, TextWriter.Null, TestContext.Current.CancellationToken);
        Assert.True(outcome.Holds, outcome.Report);
    }
}
