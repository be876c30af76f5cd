namespace Interop.Tests.Chaos;

/// <summary>Every value change is received exactly once or named by a gap, whatever happens to the connection, the session and the server: here our own.</summary>
public sealed class OwnServerChaosTests(OwnChaosServer server, ITestOutputHelper output) : IClassFixture<OwnChaosServer>
{
    [Theory]
    [MemberData(nameof(ChaosRounds.Faults), MemberType = typeof(ChaosRounds))]
    public Task No_change_is_lost_in_silence_or_comes_twice(Fault fault) => ChaosRounds.RunAsync(server, fault, output.WriteLine);
}

/// <summary>The same against node-opcua.</summary>
public sealed class NodeOpcuaChaosTests(NodeChaosServer server, ITestOutputHelper output) : IClassFixture<NodeChaosServer>
{
    [Theory]
    [MemberData(nameof(ChaosRounds.Faults), MemberType = typeof(ChaosRounds))]
    public Task No_change_is_lost_in_silence_or_comes_twice(Fault fault) => ChaosRounds.RunAsync(server, fault, output.WriteLine);
}
