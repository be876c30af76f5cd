using System.Text.Json;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Conditions;
using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace Interop.Tests.OpcUa.Alarms;

/// <summary>A node-opcua client that watches the events and alarms of our server and answers them as an operator does.</summary>
public sealed class NodeOpcuaAlarmClientTests : IAsyncLifetime
{
    private const string ApplicationUri = "urn:localhost:alarms";
    private readonly TempDirectory folder = new();
    private readonly ApplicationCertificate certificate = ApplicationCertificate.CreateSelfSigned(new() { ApplicationName = "alarms", ApplicationUri = ApplicationUri });
    private readonly Space space = new(ApplicationUri);
    private readonly ObjectNode press;
    private readonly Condition door;
    private readonly LimitAlarm temperature;
    private UaServer? server;
    private JsonPeer? peer;

    public NodeOpcuaAlarmClientTests()
    {
        space.AddNamespace("http://alarms.example/UA/");
        press = space.Objects.AddObject("Press1");
        door = press.AddCondition("DoorOpen", new ConditionOptions { Confirmable = true });
        temperature = press.AddLimitAlarm("Temperature", new LimitAlarmOptions { High = 80, HighHigh = 100, Condition = new() { Hidden = true } });
    }

    public async ValueTask InitializeAsync()
    {
        server = await UaServer.StartAsync(
            new() { ApplicationName = "alarms", ApplicationUri = ApplicationUri, Port = 0, Security = [EndpointSecurity.None], Certificate = certificate, AnonymousMayWrite = true },
            space);
        peer = await JsonPeer.StartAsync("alarms-client.mjs", "--pki", folder["client"], "--url", server.EndpointUrl);
    }

    public async ValueTask DisposeAsync()
    {
        if (peer is not null) await peer.DisposeAsync();
        if (server is not null) await server.DisposeAsync();
        certificate.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Receives_events_with_their_fields_and_those_of_own_types()
    {
        var rejected = space.AddEventType("PartRejectedEventType", null, ("Serial", BuiltInType.String));
        press.RaiseEvent(rejected, 250, "part rejected", Variant.From("P-4711"));
        var first = (await EventsAsync(1, "part rejected"))[0];
        Assert.Equal(("Press1", 250), (first.GetProperty("SourceName").GetString(), first.GetProperty("Severity").GetInt32()));
        Assert.Equal("ns=2;s=PartRejectedEventType", first.GetProperty("EventType").GetString());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("ConditionId").ValueKind);
    }

    [Fact]
    public async Task An_alarm_is_commented_acknowledged_confirmed_and_shelved()
    {
        door.Activate(700, "door 3 is open");
        var active = (await EventsAsync(1, "door 3"))[0];
        Assert.Equal(("DoorOpen", true, true, false), (active.GetProperty("ConditionName").GetString(), active.GetProperty("Retain").GetBoolean(), active.GetProperty("ActiveState.Id").GetBoolean(), active.GetProperty("AckedState.Id").GetBoolean()));
        var answer = new { condition = active.GetProperty("ConditionId").GetString(), @event = active.GetProperty("EventId").GetString(), text = "seen" };
        Assert.Equal("Good", await AskAsync("comment", answer));
        Assert.Equal("Good", await AskAsync("acknowledge", answer));
        Assert.Equal("BadConditionBranchAlreadyAcked", await AskAsync("acknowledge", answer));
        Assert.Equal("Good", await AskAsync("confirm", answer));
        Assert.Equal("BadEventIdUnknown", await AskAsync("confirm", answer with { @event = "00" }));
        Assert.True(door is { IsAcked: true, IsConfirmed: true });
        Assert.Equal("Good", await AskAsync("call", new { @object = $"{door.Id}.ShelvingState", method = "i=9213", inputs = new[] { new { type = "Double", value = 60_000 } } }));
        Assert.Equal(ShelvingState.TimedShelved, door.Shelving);
        Assert.Equal("Good", await AskAsync("call", new { @object = $"{door.Id}", method = "i=9211" }));
        Assert.Equal("BadConditionNotShelved", await AskAsync("call", new { @object = $"{door.Id}", method = "i=9211" }));
        door.Deactivate("door 3 is closed");
        var events = await EventsAsync(7, "door 3");
        Assert.Equal(["", "seen", "seen", "seen", "seen", "seen", "seen"], events.Select(e => e.GetProperty("Comment").GetString()));
        Assert.Equal([true, true, true, true, true, true, false], events.Select(e => e.GetProperty("Retain").GetBoolean()));
        Assert.Equal("TimedShelved", events[4].GetProperty("ShelvingState.CurrentState").GetString());
    }

    [Fact]
    public async Task A_client_that_comes_later_lists_the_alarms_that_need_attention()
    {
        door.Activate(700, "door");
        temperature.Update(90);
        var list = (await peer!.AskAsync("list", new { count = 2 })).GetProperty("alarms");
        Assert.Equal(["DoorOpen", "Temperature"], list.EnumerateArray().Select(a => a.GetProperty("name").GetString()!).Order());
        var hidden = list.EnumerateArray().Single(a => a.GetProperty("name").GetString() == "Temperature");
        Assert.Equal("Good", await AskAsync("acknowledge", new { condition = hidden.GetProperty("condition").GetString(), @event = hidden.GetProperty("event").GetString(), text = "ok" }));
        temperature.Update(20);
        list = (await peer!.AskAsync("list", new { count = 1 })).GetProperty("alarms");
        Assert.Equal("DoorOpen", Assert.Single(list.EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_refresh_brings_the_alarm_once_more()
    {
        door.Activate(700, "door 3 is open");
        var active = (await EventsAsync(1, "door 3"))[0];
        Assert.Equal("Good", (await peer!.AskAsync("refresh")).GetProperty("status").GetString());
        var again = await EventsAsync(2, "door 3");
        Assert.Equal(active.GetProperty("EventId").GetString(), again[1].GetProperty("EventId").GetString());
        Assert.Single(await EventsAsync(1, "Refresh begins"));
        Assert.Single(await EventsAsync(1, "Refresh ends"));
    }

    private async Task<JsonElement[]> EventsAsync(int count, string match)
    {
        var answer = await peer!.AskAsync("events", new { count, match });
        return [.. answer.GetProperty("events").EnumerateArray()];
    }

    private async Task<string?> AskAsync(string what, object arguments) => (await peer!.AskAsync(what, arguments)).GetProperty("status").GetString();
}
