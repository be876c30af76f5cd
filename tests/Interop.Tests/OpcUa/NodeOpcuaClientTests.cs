using System.Text.Json;
using FloorGateway.Simulators;
using FloorGateway.Simulators.Engine;
using FloorGateway.TestKit;

namespace Interop.Tests.OpcUa;

/// <summary>A node-opcua client against our server with the simulated equipment, on every security that it offers.</summary>
public sealed class NodeOpcuaClientTests(NodeOpcuaClientTests.Plant plant) : IClassFixture<NodeOpcuaClientTests.Plant>
{
    private const string BadInvalidState = "BadInvalidState";

    // ServerDiagnosticsSummary and the diagnostics arrays: EnabledFlag is false, and OPC 10000-5, 6.3.3 wants BadNotReadable of their values then.
    private static readonly HashSet<string?> SwitchedOff =
        [.. new[] { 2275, 2276, 2277, 2278, 2279, 2281, 2282, 2284, 2285, 2286, 2287, 2288, 2290, 3705, 3707, 3708 }.Select(id => $"ns=0;i={id}")];

    public static TheoryData<string, string> Securities => new()
    {
        { "None", "None" },
        { "Basic256Sha256", "Sign" },
        { "Basic256Sha256", "SignAndEncrypt" },
    };

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task Browses_the_whole_address_space_and_reads_every_attribute_without_an_error(string policy, string mode)
    {
        await using var session = await plant.ConnectAsync(plant.Calm, policy, mode);
        var found = await session.AskAsync("explore");

        var bad = found.GetProperty("bad").EnumerateArray()
            // A state machine inside a state that is not active has no state of its own (OPC 10000-16, 4.4.4).
            .Where(b => b.GetProperty("status").GetString() != "BadStateNotActive")
            .Where(b => !(SwitchedOff.Contains(b.GetProperty("node").GetString()) && b.GetProperty("status").GetString() == "BadNotReadable"))
            .Select(b => b.ToString())
            .ToArray();
        Assert.True(bad.Length == 0, $"{bad.Length} of {found.GetProperty("nodes")} nodes:\n{string.Join('\n', bad.Take(40))}");
        Assert.InRange(found.GetProperty("nodes").GetInt32(), 2000, 20_000);
        Assert.InRange(found.GetProperty("classes").GetProperty("DataType").GetInt32(), 150, 1000);
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task Receives_exactly_the_changes_that_the_equipment_produced(string policy, string mode)
    {
        using var folder = new TempDirectory();
        await using var simulation = await Simulation.StartAsync(Plant.Options(folder.Path) with { TimeScale = 60, WaitForBegin = true });
        await using var session = await plant.ConnectAsync(simulation, policy, mode);
        var signals = simulation.Units.SelectMany(u => u.Signals).ToDictionary(s => plant.NodeOf(simulation, s));
        var subscribed = await session.AskAsync("subscribe", new { nodes = signals.Keys });
        Assert.Equal(0, subscribed.GetProperty("refused").GetArrayLength());

        simulation.Begin();
        await session.AskAsync("received", new { atLeast = 4000 });
        await simulation.StopProductionAsync();
        var received = await session.AskAsync("received", new { atLeast = simulation.Truth.Count });

        Assert.Equal(simulation.Truth.Count, received.GetProperty("total").GetInt64());
        Assert.Equal(0, received.GetProperty("overflows").GetInt32());
        Assert.Equal(0, received.GetProperty("repeatedSequences").GetInt32());
        Assert.Equal(0, received.GetProperty("ends").GetArrayLength());
        var totals = received.GetProperty("totals");
        Assert.All(signals, pair =>
        {
            var truth = simulation.Truth.Totals[pair.Value.Path];
            var got = totals.GetProperty(pair.Key);
            Assert.Equal((pair.Key, truth.Count), (pair.Key, got.GetProperty("count").GetInt64()));
            Assert.Equal((pair.Key, truth.NotGood), (pair.Key, got.GetProperty("notGood").GetInt64()));
            Assert.Equal((pair.Key, 0), (pair.Key, got.GetProperty("backwards").GetInt32()));
            if (!pair.Value.Type.ToString().EndsWith("Array", StringComparison.Ordinal))
                Assert.Equal((pair.Key, truth.Sum), (pair.Key, got.GetProperty("sum").GetDouble()));
        });
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task Commands_obey_their_preconditions(string policy, string mode)
    {
        using var folder = new TempDirectory();
        await using var simulation = await Simulation.StartAsync(Plant.Options(folder.Path) with { Operator = false });
        await using var session = await plant.ConnectAsync(simulation, policy, mode);
        var ns = plant.NamespaceOf(simulation.Unit("DC01"));
        async Task<string> Call(string method, params object[] inputs) =>
            (await session.AskAsync("call", new { @object = $"ns={ns};s=DC01", method = $"ns={ns};s=DC01.{method}", inputs })).GetProperty("status").GetString()!;
        async Task<JsonElement> Read(string signal) =>
            (await session.AskAsync("read", new { nodes = new[] { $"ns={ns};s=DC01.{signal}" } }))[0].GetProperty("value");

        Assert.Equal(BadInvalidState, await Call("Hold", Arg("String", "interop")));
        Assert.Equal(BadInvalidState, await Call("Unhold"));
        Assert.Equal("BadOutOfRange", await Call("SetMode", Arg("Int32", 4)));
        Assert.Equal("Good", await Call("SetMode", Arg("Int32", 3)));
        Assert.Equal(3, (await Read("Mode")).GetInt32());
        Assert.Equal(BadInvalidState, await Call("SetPoint", Arg("String", "FastVelocity"), Arg("Double", 6.0), Arg("String", "MTS")));
        Assert.Equal("Good", await Call("SetMode", Arg("Int32", 1)));
        Assert.Equal("Good", await Call("SetPoint", Arg("String", "FastVelocity"), Arg("Double", 6.125), Arg("String", "MTS")));
        Assert.Equal(6.125, (await Read("SetPoint.FastVelocity")).GetDouble());
        Assert.Equal("BadOutOfRange", await Call("SetPoint", Arg("String", "IntensPressure"), Arg("Double", 9500.0), Arg("String", "MPA")));
        Assert.Equal("BadInvalidArgument", await Call("SetPoint", Arg("String", "NoSuchPoint"), Arg("Double", 1.0), Arg("String", "MPA")));
        Assert.Equal("BadArgumentsMissing", await Call("SetPoint", Arg("String", "FastVelocity")));
        Assert.Equal("BadTooManyArguments", await Call("Unhold", Arg("Int32", 1)));
        Assert.Equal("BadInvalidArgument", await Call("SetMode", Arg("String", "three")));
        Assert.Equal("BadMethodInvalid", await Call("NoSuchMethod"));
        Assert.Equal("Good", await Call("Abort", Arg("String", "interop")));
        Assert.InRange((await Read("State")).GetInt32(), 8, 9);
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task Arrays_and_every_type_of_signal_are_read(string policy, string mode)
    {
        await using var session = await plant.ConnectAsync(plant.Calm, policy, mode);
        var signals = plant.Calm.Units.SelectMany(u => u.Signals).ToArray();
        var read = await session.AskAsync("read", new { nodes = signals.Select(s => plant.NodeOf(plant.Calm, s)) });
        Assert.All(signals.Zip(read.EnumerateArray()), pair =>
        {
            var (signal, answer) = pair;
            var type = signal.Type.ToString();
            var isArray = type.EndsWith("Array", StringComparison.Ordinal);
            Assert.Equal((signal.Path, "Good"), (signal.Path, answer.GetProperty("status").GetString()));
            Assert.Equal((signal.Path, isArray ? type[..^5] : type), (signal.Path, answer.GetProperty("type").GetString()));
            Assert.Equal((signal.Path, isArray ? "Array" : "Scalar"), (signal.Path, answer.GetProperty("shape").GetString()));
            var truth = plant.Calm.Truth.Totals[signal.Path].Last;
            var value = answer.GetProperty("value");
            if (isArray)
                Assert.Equal(((Array)truth.AsArray).Length, value.GetArrayLength());
            else if (truth.Type is SignalType.Double or SignalType.Float or SignalType.Int32 or SignalType.UInt16 or SignalType.UInt32)
                Assert.Equal((signal.Path, truth.Total), (signal.Path, value.GetDouble()));
            else if (truth.Type is SignalType.String)
                Assert.Equal(truth.AsString, value.GetString() ?? "");
        });
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task A_signal_is_not_written_past_its_methods(string policy, string mode)
    {
        await using var session = await plant.ConnectAsync(plant.Calm, policy, mode);
        var ns = plant.NamespaceOf(plant.Calm.Unit("DC01"));
        var written = await session.AskAsync("write", new { node = $"ns={ns};s=DC01.SetPoint.FastVelocity", type = "Double", value = 6.0 });
        Assert.Equal("BadNotWritable", written.GetProperty("status").GetString());
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task What_is_not_acknowledged_is_published_again(string policy, string mode)
    {
        using var folder = new TempDirectory();
        await using var simulation = await Simulation.StartAsync(Plant.Options(folder.Path));
        await using var session = await plant.ConnectAsync(simulation, policy, mode);
        var heartbeat = simulation.Unit("TT01").Signals.First(s => s.Name == "Heartbeat");
        var result = await session.AskAsync("republish", new { node = plant.NodeOf(simulation, heartbeat) });
        Assert.True(result.GetProperty("availableAtFirst").GetBoolean());
        Assert.Equal(result.GetProperty("first").GetString(), result.GetProperty("again").GetString());
        Assert.Equal("Good", result.GetProperty("acknowledged").GetString());
        Assert.False(result.GetProperty("availableAfter").GetBoolean());
        Assert.Equal("BadSequenceNumberUnknown", result.GetProperty("acknowledgedTwice").GetString());
        Assert.Equal("BadMessageNotAvailable", result.GetProperty("republishAfter").GetString());
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task The_session_lives_on_through_renewals_of_its_channel(string policy, string mode)
    {
        using var folder = new TempDirectory();
        await using var simulation = await Simulation.StartAsync(Plant.Options(folder.Path) with { TimeScale = 20, WaitForBegin = true });
        await using var session = await plant.ConnectAsync(simulation, policy, mode, renewEveryMs: 300);
        var signals = simulation.Units.SelectMany(u => u.Signals).Select(s => plant.NodeOf(simulation, s));
        await session.AskAsync("subscribe", new { nodes = signals });
        simulation.Begin();

        JsonElement statistics;
        do
        {
            // Traffic in both directions, so that messages under the old and the new token cross.
            await session.AskAsync("read", new { nodes = signals.Take(100) });
            statistics = await session.AskAsync("statistics");
        }
        while (statistics.GetProperty("renewals").GetInt32() < 5);

        await simulation.StopProductionAsync();
        var received = await session.AskAsync("received", new { atLeast = simulation.Truth.Count });
        Assert.Equal(simulation.Truth.Count, received.GetProperty("total").GetInt64());
        Assert.Equal(0, statistics.GetProperty("cuts").GetInt32());
        Assert.Equal(0, received.GetProperty("ends").GetArrayLength());
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task Users_are_let_in_by_their_password_only(string policy, string mode)
    {
        using var folder = new TempDirectory();
        await using var simulation = await Simulation.StartAsync(Plant.Options(folder.Path, allowAnonymous: false, new SimulatedUser("anna", "s3cret-压铸")));
        await using (var session = await plant.ConnectAsync(simulation, policy, mode, "anna", "s3cret-压铸"))
        {
            var state = await session.AskAsync("read", new { nodes = new[] { $"ns={plant.NamespaceOf(simulation.Unit("TT01"))};s=TT01.State" } });
            Assert.Equal("Good", state[0].GetProperty("status").GetString());
        }

        var wrong = await Assert.ThrowsAsync<PeerException>(() => plant.ConnectAsync(simulation, policy, mode, "anna", "S3cret-压铸"));
        Assert.Contains("BadIdentityTokenRejected", wrong.Status ?? wrong.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<PeerException>(() => plant.ConnectAsync(simulation, policy, mode, "bert", "s3cret-压铸"));
        Assert.Equal(wrong.Message, unknown.Message);
        var nobody = await Assert.ThrowsAsync<PeerException>(() => plant.ConnectAsync(simulation, policy, mode));
        Assert.NotEqual("", nobody.Message);
    }

    private static object Arg(string type, object value) => new[] { type, value };

    /// <summary>One node-opcua client, and a plant that stands still for tests that only look.</summary>
    public sealed class Plant : IAsyncLifetime
    {
        private readonly TempDirectory folder = new();
        private JsonPeer? peer;
        private Simulation? calm;
        private int sessions;

        public Simulation Calm => calm!;

        public static SimulationOptions Options(string folder, bool allowAnonymous = true, params SimulatedUser[] users) => new()
        {
            Seed = 5,
            DataDir = folder,
            Breakdowns = false,
            Servers = [new() { Name = "all", Port = 0, Units = ["DC01", "TT01", "FR01"], AllowAnonymous = allowAnonymous, Users = users }],
        };

        public async ValueTask InitializeAsync()
        {
            peer = await JsonPeer.StartAsync("opcua-client.mjs", "--pki", folder["pki"]);
            calm = await Simulation.StartAsync(Options(folder["calm"]) with { WaitForBegin = true });
        }

        public async ValueTask DisposeAsync()
        {
            if (peer is not null) await peer.DisposeAsync();
            if (calm is not null) await calm.DisposeAsync();
            folder.Dispose();
        }

        public async Task<PeerSession> ConnectAsync(Simulation simulation, string policy, string mode, string? user = null, string? password = null, int renewEveryMs = 0)
        {
            var name = $"s{Interlocked.Increment(ref sessions)}";
            await peer!.AskAsync("connect", new { @as = name, url = simulation.Servers[0].EndpointUrl, policy, mode, renewEveryMs }, user is null ? null : new { user, password });
            return new PeerSession(peer, name);
        }

        /// <summary>The server's own namespaces come first, then those of the equipment types, then one per unit.</summary>
        public int NamespaceOf(Unit unit) => Calm.Servers[0].Space.NamespaceUris.ToList().IndexOf(unit.NamespaceUri);

        public string NodeOf(Simulation simulation, Signal signal) =>
            $"ns={simulation.Servers[0].Space.NamespaceUris.ToList().IndexOf(signal.Unit.NamespaceUri)};s={signal.NodeName}";
    }

    /// <summary>A session of the foreign client.</summary>
    public sealed class PeerSession(JsonPeer peer, string name) : IAsyncDisposable
    {
        public Task<JsonElement> AskAsync(string what, object? arguments = null) => peer.AskAsync(what, new { @as = name }, arguments);

        public async ValueTask DisposeAsync() => await AskAsync("disconnect");
    }
}
