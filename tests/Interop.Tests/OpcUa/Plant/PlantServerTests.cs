using System.Text.Json;
using FloorGateway.Simulators;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;
using FloorGateway.TestKit;

namespace Interop.Tests.OpcUa.Plant;

/// <summary>A node-opcua client on each server of the demonstration plant: what it finds there, and what it can do with the machines.</summary>
public sealed class PlantServerTests(PlantClient client) : IClassFixture<PlantClient>
{
    private const string Ua = "http://opcfoundation.org/UA/";

    // Warm-up lasts 40 minutes at the paint line; nobody starts a machine but the client, so little else moves.
    private const double TimeScale = 600;

    /// <summary>What each server must have instances of.</summary>
    private static readonly Dictionary<string, string[]> Expected = new()
    {
        ["body"] = [$"{Ua}PackML/|PackMLBaseObjectType", $"{Ua}PlasticsRubber/TCD/|DeviceZoneType", $"{Ua}Robotics/|MotionDeviceSystemType", $"{Ua}Robotics/|AxisType", $"{Ua}IJT/Base/|JoiningSystemType", $"{Ua}Machinery/ProcessValues/|ProcessValueType"],
        ["asm"] = [$"{Ua}PackML/|PackMLBaseObjectType", $"{Ua}AutoID/|RtlsDeviceType", $"{Ua}IJT/Base/|JoiningSystemType", $"{Ua}Robotics/|MotionDeviceSystemType", $"{Ua}MachineVision|VisionSystemType"],
        ["eol"] = [$"{Ua}PackML/|PackMLBaseObjectType", $"{Ua}MachineVision|VisionSystemType", $"{Ua}Machinery/Result/|ResultManagementType", $"{Ua}|ExclusiveLevelAlarmType"],
        ["cell"] = [$"{Ua}Scales|LossInWeightScaleType", $"{Ua}Machinery/ProcessValues/|ProcessValueType", $"{Ua}MachineVision|VisionSystemType", $"{Ua}CAS/|DryerType", $"{Ua}LaserSystems/|LaserSystemType", $"{Ua}|ExclusiveDeviationAlarmType", $"{Ua}|OffNormalAlarmType"],
        ["pack"] = [$"{Ua}LADS/|LADSDeviceType", $"{Ua}LADS/|FunctionalUnitType", $"{Ua}Machinery/Result/|ResultManagementType", $"{Ua}AutoID/|OpticalReaderDeviceType", $"{Ua}PackML/|PackMLBaseObjectType", $"{Ua}IJT/Base/|JoiningSystemType"],
    };

    public static TheoryData<string> Servers => [.. SimulationOptions.Demo.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Everything_below_Objects_can_be_browsed_and_read_and_is_typed_by_its_specification(string name)
    {
        await using var simulation = await StartAsync(name);
        var found = await client.AskAsync("plant", new { @as = name });
        var bad = found.GetProperty("bad").EnumerateArray().Where(b => !IsKnown(b)).Select(b => b.ToString()).ToArray();
        Assert.True(bad.Length == 0, $"{bad.Length} of {found.GetProperty("nodes")} nodes:\n{string.Join('\n', bad.Take(30))}");
        var instances = found.GetProperty("instances").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32());
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {found.GetProperty("nodes")} nodes, {found.GetProperty("values")} values, {instances.Count} types, namespaces {found.GetProperty("uris")}");
        Assert.All(Expected[name], type => Assert.True(instances.ContainsKey(type), $"there is no {type}"));
        var units = simulation.Units.Count;
        Assert.Equal(units, instances[$"{Ua}Machinery/|MachineIdentificationType"] - instances.GetValueOrDefault($"{Ua}LADS/|LADSDeviceType"));
        Assert.Equal(units + 2 * instances.GetValueOrDefault($"{Ua}LaserSystems/|LaserSystemType"), instances[$"{Ua}Machinery/|MachineryItemState_StateMachineType"]);
        Assert.Equal(SimulationOptions.Demo.Single(s => s.Name == name).AlarmConditions, instances.ContainsKey($"{Ua}|OffNormalAlarmType"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Machines_take_commands_in_the_right_state_only_and_show_the_read_back(string name)
    {
        await using var simulation = await StartAsync(name);
        foreach (var unit in simulation.Units.OfType<EquipmentUnit>())
        {
            var machine = new Machine(client, name, unit, await NamespaceAsync(name, unit));
            await machine.RefusedAsync("BadInvalidState", "Start", "Hold", "Unhold", "Clear");
            await machine.TakenAsync("Reset", PackMlState.Idle);
            await machine.RefusedAsync("BadInvalidState", "Hold", "Unhold", "Clear");
            await machine.TakenAsync("Start", PackMlState.Execute);
            await machine.RefusedAsync("BadInvalidState", "Start", "Unhold", "Clear", "Reset");
            await machine.RefusedAsync("BadUserAccessDenied", "Suspend", "Unsuspend");
            await machine.TakenAsync("Hold", PackMlState.Held);
            await machine.RefusedAsync("BadInvalidState", "Start", "Hold");
            await machine.TakenAsync("Unhold", PackMlState.Execute);
            await machine.TakenAsync("Abort", PackMlState.Aborted);
            await machine.RefusedAsync("BadInvalidState", "Start", "Hold", "Unhold", "Reset");
            await machine.TakenAsync("Clear", PackMlState.Stopped);
            simulation.Read(_ => unit.RemoteAllowed.Set(false));
            await machine.RefusedAsync("BadUserAccessDenied", "Reset", "Abort");
        }
    }

    [Theory]
    [InlineData("body", "DC01", "TCU2.TCU_FLOW")]
    [InlineData("eol", "ADAS01", "LUX")]
    [InlineData("cell", "COAT01", "OVEN.ZONE_DEV")]
    public async Task An_alarm_comes_as_an_event_and_is_acknowledged(string name, string code, string tag)
    {
        await using var simulation = await StartAsync(name);
        var unit = (EquipmentUnit)simulation.Unit(code);
        var alarm = unit.FindAlarm(tag)!;
        var bit = $"ns={await NamespaceAsync(name, unit)};s={alarm.Signal.NodeName}";
        using var folder = new TempDirectory();
        await using var watcher = await JsonPeer.StartAsync("alarms-client.mjs", "--pki", folder["pki"], "--url", simulation.Servers[0].EndpointUrl);
        Raise(simulation, alarm);
        var raised = (await watcher.AskAsync("events", new { count = 1, match = alarm.Tag })).GetProperty("events")[0];
        Assert.Equal((alarm.Tag, 500, false), (raised.GetProperty("ConditionName").GetString(), raised.GetProperty("Severity").GetInt32(), raised.GetProperty("AckedState.Id").GetBoolean()));
        var known = (await watcher.AskAsync("list", new { count = 1 })).GetProperty("alarms")[0];
        var answer = new { condition = known.GetProperty("condition").GetString(), @event = known.GetProperty("event").GetString(), text = "seen" };
        Assert.Equal($"{bit}.Condition", answer.condition);
        Assert.Equal("Good", (await watcher.AskAsync("acknowledge", answer)).GetProperty("status").GetString());
        Assert.True((await client.AskAsync("until", new { @as = name, node = bit + ".AckedState", value = true })).GetProperty("value").GetBoolean());
        Assert.Equal("BadConditionBranchAlreadyAcked", (await watcher.AskAsync("acknowledge", answer)).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("asm", "FF01", "EVAC")]
    [InlineData("pack", "LK01", "TEMP_BIAS")]
    public async Task Where_alarms_are_plain_bits_they_are_acknowledged_and_shelved_by_the_machine_s_methods(string name, string code, string tag)
    {
        await using var simulation = await StartAsync(name);
        var unit = (EquipmentUnit)simulation.Unit(code);
        var alarm = unit.FindAlarm(tag)!;
        var ns = await NamespaceAsync(name, unit);
        var bit = $"ns={ns};s={alarm.Signal.NodeName}";
        Raise(simulation, alarm);
        Assert.False((await client.AskAsync("until", new { @as = name, node = bit + ".AckedState", value = false })).GetProperty("value").GetBoolean());
        Assert.Equal("Good", await CallAsync("AckAlarm", ["String", tag], ["String", ""], ["String", "seen"]));
        Assert.True((await client.AskAsync("until", new { @as = name, node = bit + ".AckedState", value = true })).GetProperty("value").GetBoolean());
        Assert.Equal("Good", await CallAsync("Shelve", ["String", tag], ["Double", 10], ["String", "known"]));
        Assert.Equal("TimedShelved", (await client.AskAsync("until", new { @as = name, node = bit + ".ShelvingState", value = "TimedShelved" })).GetProperty("value").GetString());
        Assert.Equal("BadOutOfRange", await CallAsync("Shelve", ["String", tag], ["Double", 61], ["String", "known"]));

        async Task<string?> CallAsync(string method, params object[][] inputs) =>
            (await client.AskAsync("call", new { @as = name, @object = $"ns={ns};s={code}", method = $"ns={ns};s={code}.{method}", inputs })).GetProperty("status").GetString();
    }

    [Fact]
    public async Task A_joint_s_result_comes_as_an_event()
    {
        await using var simulation = await StartAsync("asm");
        var station = (EquipmentUnit)simulation.Unit("TT01");
        using var folder = new TempDirectory();
        await using var watcher = await JsonPeer.StartAsync("alarms-client.mjs", "--pki", folder["pki"], "--url", simulation.Servers[0].EndpointUrl);
        var ns = await NamespaceAsync("asm", station);
        var machine = new Machine(client, "asm", station, ns);
        await machine.TakenAsync("Reset", PackMlState.Idle);
        await machine.TakenAsync("Start", PackMlState.Execute);
        var told = (await watcher.AskAsync("events", new { count = 1, match = "TT01: result TT01" })).GetProperty("events")[0];
        Assert.Equal("ResultManagement", told.GetProperty("SourceName").GetString());
        var type = await client.AskAsync("read", new { @as = "asm", nodes = new[] { told.GetProperty("EventType").GetString() }, attribute = "DisplayName" });
        Assert.Contains("MachineJoiningSystemResultReadyEventType", type[0].ToString(), StringComparison.Ordinal);
    }

    private async Task<Simulation> StartAsync(string name)
    {
        var simulation = await Simulation.StartAsync(new()
        {
            TimeScale = TimeScale,
            DataDir = client.Folder(name),
            WriteTruth = false,
            Operator = false,
            Breakdowns = false,
            Connected = false,
            Servers = [SimulationOptions.Demo.Single(s => s.Name == name) with { Port = 0 }],
        });
        await client.AskAsync("connect", new { @as = name, url = simulation.Servers[0].EndpointUrl });
        return simulation;
    }

    private async Task<int> NamespaceAsync(string name, Unit unit)
    {
        var uris = await client.AskAsync("read", new { @as = name, nodes = new[] { "i=2255" } });
        return uris[0].GetProperty("value").EnumerateArray().Select(u => u.GetString()).ToList().IndexOf(unit.NamespaceUri);
    }

    private static void Raise(Simulation simulation, AlarmBit alarm) => simulation.Read(_ =>
    {
        alarm.Set(true);
        return true;
    });

    // A submachine whose superstate is not active has no state, and some of the server's own counters are not for everybody.
    private static bool IsKnown(JsonElement bad) => bad.GetProperty("status").GetString() == "BadStateNotActive"
        || bad.GetProperty("node").GetString()!.StartsWith("ns=0;", StringComparison.Ordinal) && bad.GetProperty("status").GetString() is "BadUserAccessDenied" or "BadNotReadable";

    private sealed record Machine(PlantClient Client, string Server, EquipmentUnit Unit, int Namespace)
    {
        private static readonly Dictionary<string, object[][]> Arguments = new()
        {
            ["Start"] = [["String", "JOB-1"], ["String", ""]], ["Hold"] = [["String", "test"]], ["Abort"] = [["String", "test"]],
        };

        public async Task TakenAsync(string method, PackMlState state)
        {
            Assert.Equal($"{Unit.Code}.{method}: Good", $"{Unit.Code}.{method}: {await CallAsync(method)}");
            var shown = await Client.AskAsync("until", new { @as = Server, node = $"ns={Namespace};s={Unit.State.NodeName}", value = (int)state });
            Assert.Equal($"{Unit.Code} {state}", $"{Unit.Code} {(PackMlState)shown.GetProperty("value").GetInt32()}");
        }

        public async Task RefusedAsync(string status, params string[] methods)
        {
            foreach (var method in methods) Assert.Equal($"{Unit.Code}.{method}: {status}", $"{Unit.Code}.{method}: {await CallAsync(method)}");
        }

        private async Task<string?> CallAsync(string method) => (await Client.AskAsync("call", new
        {
            @as = Server, @object = $"ns={Namespace};s={Unit.Code}", method = $"ns={Namespace};s={Unit.Code}.{method}", inputs = Arguments.GetValueOrDefault(method, []),
        })).GetProperty("status").GetString();
    }
}

/// <summary>One node-opcua process for all of the plant's tests.</summary>
public sealed class PlantClient : IAsyncLifetime
{
    private readonly TempDirectory _folder = new();
    private JsonPeer? _peer;

    public string Folder(string name) => _folder[name];

    public Task<JsonElement> AskAsync(string what, object arguments) => _peer!.AskAsync(what, arguments);

    public async ValueTask InitializeAsync() => _peer = await JsonPeer.StartAsync("opcua-client.mjs", "--pki", _folder["pki"]);

    public async ValueTask DisposeAsync()
    {
        if (_peer is not null) await _peer.DisposeAsync();
        _folder.Dispose();
    }
}
