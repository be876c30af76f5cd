using FloorGateway.Configuration;
using FloorGateway.Model.Values;

namespace FloorGateway.Tests.Configuration;

public sealed class LoadingTests
{
    private const string Plant = """
        gateway: {id: edge-01, site: LXE/JSH}
        servers:
          cas: {url: "opc.tcp://127.0.0.1:48401", publishingInterval: 100ms, samplingInterval: 250ms, queueSize: 7}
        equipmentTypes:
          Machine:
            tags:
              State: {type: Int32, sampling: 0, enum: {6: Execute}}
              Mode: {}
          Press:
            extends: Machine
            namespace: http://example.com/UA/
            node: "s={cell}.{signal}"
            tags:
              State: {sampling: 100ms}
              Speed: {type: Double, unit: MTS, range: [0, 7], sampling: 10ms, queue: 200, deadband: 0.05}
              Zones: {node: "ns=2;i=77", type: "Double[]", index: 3}
        units:
          - {path: LXE/JSH/A, type: Press, server: cas, with: {cell: A1}, overrides: {Speed: {deadband: 0.1}}, exclude: [Mode]}
          - {path: LXE/JSH/B, type: Press, server: cas, with: {cell: B1}}
        """;

    private static ConfiguredTag Tag(string path) => Loaded.Good(Plant.Replace("type: Int32, sampling", "sampling", StringComparison.Ordinal)).Tags.Single(t => t.Path == path);

    [Fact]
    public void Units_get_every_signal_of_their_type_but_the_excluded_ones() =>
        Assert.Equal(
            ["LXE/JSH/A/State", "LXE/JSH/A/Speed", "LXE/JSH/A/Zones", "LXE/JSH/B/State", "LXE/JSH/B/Mode", "LXE/JSH/B/Speed", "LXE/JSH/B/Zones"],
            Loaded.Good(Plant.Replace("type: Int32, sampling", "sampling", StringComparison.Ordinal)).Tags.Select(t => t.Path));

    [Fact]
    public void A_node_is_made_of_the_types_namespace_and_pattern_with_the_units_words() =>
        Assert.Equal("nsu=http://example.com/UA/;s=A1.Speed", Tag("LXE/JSH/A/Speed").Node);

    [Fact]
    public void A_node_of_its_own_stands_before_the_pattern() => Assert.Equal("ns=2;i=77", Tag("LXE/JSH/A/Zones").Node);

    [Fact]
    public void A_node_may_be_a_browse_path()
    {
        var text = Plant.Replace("node: \"s={cell}.{signal}\"", "node: \"path:nsu=http://example.com/UA/;{cell}/{signal}\"", StringComparison.Ordinal).Replace("type: Int32, sampling", "sampling", StringComparison.Ordinal);
        Assert.Equal("path:nsu=http://example.com/UA/;A1/Speed", Loaded.Good(text).Tags.Single(t => t.Path == "LXE/JSH/A/Speed").Node);
    }

    [Fact]
    public void A_small_server_is_told_by_its_limits_and_a_redundant_one_by_its_other_urls()
    {
        var server = Loaded.Good("""
            gateway: {id: edge-01}
            servers:
              cas: {url: "opc.tcp://127.0.0.1:1", redundant: ["opc.tcp://127.0.0.1:2"], limits: {itemsPerSubscription: 500, itemsPerCall: 50, sampling: 200ms}, security: {policy: None}}
            """).Servers.Single();
        Assert.Equal(["opc.tcp://127.0.0.1:2"], server.Redundant);
        Assert.Equal(new ServerLimitSettings { ItemsPerSubscription = 500, ItemsPerCall = 50, Sampling = TimeSpan.FromMilliseconds(200) }, server.Limits);
    }

    [Fact]
    public void An_override_changes_its_key_and_leaves_the_others()
    {
        var tag = Tag("LXE/JSH/A/Speed");

        Assert.Equal(0.1, tag.Normalisation.Deadband);
        Assert.Equal(200, tag.Queue);
        Assert.Equal(0.05, Tag("LXE/JSH/B/Speed").Normalisation.Deadband);
    }

    [Fact]
    public void A_type_changes_what_it_inherits_key_by_key()
    {
        var tag = Tag("LXE/JSH/B/State");

        Assert.Equal(TimeSpan.FromMilliseconds(100), tag.Sampling);
        Assert.Equal("Execute", tag.Normalisation.EnumTexts![6]);
        Assert.Equal("Press", tag.EquipmentType);
    }

    [Fact]
    public void Sampling_and_queue_come_from_the_server_where_the_tag_gives_none()
    {
        var tag = Tag("LXE/JSH/B/Mode");

        Assert.Equal(TimeSpan.FromMilliseconds(250), tag.Sampling);
        Assert.Equal(7, tag.Queue);
    }

    [Fact]
    public void A_queue_is_never_shorter_than_the_servers() =>
        Assert.Equal(500, Loaded.Good(Plant.Replace("queueSize: 7", "queueSize: 500", StringComparison.Ordinal).Replace("type: Int32, sampling", "sampling", StringComparison.Ordinal)).Tags.Single(t => t.Path == "LXE/JSH/A/Speed").Queue);

    [Fact]
    public void An_array_keeps_the_type_of_its_elements() =>
        Assert.Equal((ValueKind.Array, ValueKind.Double, 3), (Tag("LXE/JSH/B/Zones").Kind, Tag("LXE/JSH/B/Zones").ElementKind, Tag("LXE/JSH/B/Zones").Normalisation.ArrayIndex));

    [Fact]
    public void The_embedded_history_is_there_unless_it_was_turned_off()
    {
        const string Head = "gateway: {id: a}\nservers: {s: {url: opc.tcp://localhost}}\n";

        Assert.Equal("history", Assert.IsType<HistoryFeedSettings>(Assert.Single(Loaded.Good(Head).Feeds)).Name);
        Assert.Empty(Loaded.Good(Head + "feeds: {history: {enabled: false}}").Feeds);
        Assert.Equal(TimeSpan.FromDays(3), Assert.IsType<HistoryFeedSettings>(Assert.Single(Loaded.Good(Head + "feeds: {store: {type: history, retention: 3d}}").Feeds)).Retention);
    }

    [Theory]
    [InlineData("mqtt://localhost", 1883)]
    [InlineData("mqtts://localhost", 8883)]
    [InlineData("mqtt://localhost:18883", 18883)]
    public void A_broker_without_a_port_has_that_of_its_scheme(string url, int port) =>
        Assert.Equal(port, Loaded.Good($"gateway: {{id: a}}\nservers: {{s: {{url: opc.tcp://localhost}}}}\nfeeds: {{u: {{type: mqtt, url: {url}}}}}\n").Feeds.OfType<MqttFeedSettings>().Single().Url.Port);

    [Fact]
    public void A_secret_comes_from_the_environment_and_never_prints()
    {
        var result = new Loaded()
            .With("gateway.yaml", "gateway: {id: a}\nservers: {s: {url: opc.tcp://localhost, user: {name: u, passwordEnv: PW}}}\n")
            .Environment("PW", "geheim").Load();

        Assert.Equal("geheim", result.Configuration!.Servers[0].User!.Password!.Value);
        Assert.DoesNotContain("geheim", result.Configuration.Servers[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_file_is_read_without_its_last_line_end()
    {
        var result = new Loaded()
            .With("gateway.yaml", "gateway: {id: a}\nservers: {s: {url: opc.tcp://localhost, user: {name: u, passwordFile: pw}}}\n")
            .With("pw", "geheim\n").Load();

        Assert.Equal("geheim", result.Configuration!.Servers[0].User!.Password!.Value);
    }

    [Fact]
    public void Insecure_choices_on_this_machine_need_no_permission_but_are_listed()
    {
        var choices = Loaded.Good("gateway: {id: a}\nbroker: {anonymous: true}\nservers: {s: {url: opc.tcp://localhost, security: {policy: None}}}\n").InsecureChoices;

        Assert.Equal(4, choices.Count);
        Assert.All(choices, c => Assert.EndsWith("(stays on this machine)", c, StringComparison.Ordinal));
    }

    [Fact]
    public void An_allowed_insecure_choice_is_listed_without_that_comfort()
    {
        var choices = Loaded.Good("gateway: {id: a}\nservers: {s: {url: opc.tcp://192.0.2.1, security: {mode: None}, allowInsecure: true}}\n").InsecureChoices;

        Assert.Equal(["server s: messages are neither signed nor encrypted", "server s: the gateway logs in as anonymous"], choices);
    }

    [Fact]
    public void Doubled_braces_stand_for_braces_in_a_node()
    {
        var tag = Assert.Single(Loaded.Good("gateway: {id: a}\nservers: {s: {url: opc.tcp://localhost}}\nequipmentTypes: {T: {tags: {A: {node: \"ns=2;s=a{{b}}\"}}}}\nunits: [{path: U, type: T, server: s}]\n").Tags);

        Assert.Equal("ns=2;s=a{b}", tag.Node);
    }

    [Fact]
    public void Included_files_count_from_the_file_that_names_them_and_their_paths_too()
    {
        using var folder = new TestKit.TempDirectory();
        Directory.CreateDirectory(folder["types"]);
        File.WriteAllText(folder["gateway.yaml"], "gateway: {id: a, data: ./store}\ninclude: [types/*.yaml]\nservers: {s: {url: opc.tcp://localhost}}\nunits: [{path: U, type: T, server: s}]\n");
        File.WriteAllText(folder["types/t.yaml"], "equipmentTypes: {T: {tags: {A: {node: \"ns=2;s=a\"}}}}\n");

        var result = new ConfigurationLoader().Load(folder["gateway.yaml"]);

        Assert.Empty(result.Errors);
        Assert.Equal("U/A", Assert.Single(result.Configuration!.Tags).Path);
        Assert.Equal(folder["store"], result.Configuration.Gateway.DataFolder);
    }
}
