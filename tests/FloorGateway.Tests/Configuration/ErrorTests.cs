namespace FloorGateway.Tests.Configuration;

/// <summary>Each mistake once: where it is, what it is, how to mend it.</summary>
public sealed class ErrorTests
{
    private const string Head = """
        gateway: {id: edge-01}
        servers:
          cas: {url: "opc.tcp://127.0.0.1:4840", security: {policy: None}}

        """;

    private const string Cell = Head + """
        equipmentTypes:
          Cell:
            namespace: http://example.com/UA/
            node: "s={unit}.{signal}"
            tags:
              Speed: {type: Double, unit: MTS}

        """;

    public static TheoryData<string, string> Mistakes => new()
    {
        // The whole
        { "gateway: {id: a}\ngatewy: {}\n" + "servers: {s: {url: opc.tcp://localhost:1}}", "gateway.yaml:2:1: unknown key 'gatewy' in the configuration; did you mean 'gateway'?" },
        { "servers: {s: {url: opc.tcp://localhost:1}}", "gateway.yaml:1:1: section 'gateway' is missing; add gateway: {id: edge-01, data: ./data}" },
        { "gateway: {id: a}", "gateway.yaml:1:10: there is no server to read from" },
        { "gateway: {data: x}\nservers: {s: {url: opc.tcp://localhost:1}}", "gateway.yaml:1:10: 'id' is missing in gateway; add id: edge-01" },
        { "gateway: [a]\n", "gateway.yaml:1:10: gateway must be a mapping, not a list" },
        { "gateway:\n  id: a\n  id: b\n", "gateway.yaml:3:3: 'id' is already given in line 2; keep one of the two" },
        { "gateway: {id: a\n", "gateway.yaml:2:1: not YAML" },
        { Head + "---\na: b\n", "gateway.yaml:4:1: a second YAML document" },
        { Head + "include: [other/*.yaml]\n", "gateway.yaml:4:11: no file matches 'other/*.yaml'" },

        // Values
        { "gateway: {id: a, http: {port: 99999}}\n", "gateway.yaml:1:31: 'port' in gateway.http must lie between 0 and 65535, not '99999'" },
        { "gateway: {id: a, http: {port: http}}\n", "gateway.yaml:1:31: 'port' in gateway.http must be a whole number, not 'http'" },
        { "gateway: {id: a, http: {enabled: yes}}\n", "gateway.yaml:1:34: 'enabled' in gateway.http must be true or false, not 'yes'; write true or false" },
        { "gateway: {id: a, http: {bind: localhost}}\n", "gateway.yaml:1:31: 'localhost' is not an IP address" },
        { "gateway: {id: a/b}\n", "gateway.yaml:1:15: 'a/b' can't be a gateway's id" },
        { "gateway: {id: a}\njournal: {flush: 100}\n", "gateway.yaml:2:18: 'flush' in journal must be a duration, not '100'; write a number with its unit" },
        { "gateway: {id: a}\njournal: {maxSize: 4 pounds}\n", "gateway.yaml:2:20: 'maxSize' in journal must be a size, not '4 pounds'" },
        { "gateway: {id: a}\njournal: {maxSize: 64MB}\n", "gateway.yaml:2:20: maxSize 64MB holds fewer than 4 segments of 64MB; raise maxSize to 256MB or lower segmentSize" },

        // Servers
        { "gateway: {id: a}\nservers: {s: {}}\n", "gateway.yaml:2:14: 'url' is missing in server" },
        { "gateway: {id: a}\nservers: {s: {url: http://x}}\n", "gateway.yaml:2:20: 'http' is not the right scheme for this address; begin it with opc.tcp://" },
        { "gateway: {id: a}\nservers: {s: {url: \"opc.tcp://u:p@x\"}}\n", "gateway.yaml:2:20: the address holds a user name or password" },
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://localhost, security: {policy: Basic256Sha265}}}\n", "gateway.yaml:2:60: 'policy' in server.security can't be 'Basic256Sha265'; did you mean 'Basic256Sha256'?" },
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://localhost, security: {policy: None, mode: Sign}}}\n", "gateway.yaml:2:72: policy None and mode Sign exclude each other" },
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://localhost, user: {name: u, password: geheim}}}\n", "gateway.yaml:2:57: unknown key 'password' in user; a secret does not belong in this file; use passwordEnv: NAME" },
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://localhost, user: {name: u, passwordEnv: CAS_PASSWORD}}}\n", "gateway.yaml:2:70: environment variable CAS_PASSWORD is not set" },
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://localhost, user: {name: u, passwordFile: cas.secret}}}\n", "gateway.yaml:2:71: file cas.secret is not there" },
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://localhost, keepAlive: 1s, publishingInterval: 2s}}\n", "gateway.yaml:2:52: keepAlive 1s is below publishingInterval 2s" },

        // Insecure choices
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://192.0.2.1, user: {name: u}, security: {policy: None}}}\n", "gateway.yaml:2:77: server s: messages are neither signed nor encrypted; choose policy Basic256Sha256 and mode SignAndEncrypt; or write allowInsecure: true" },
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://192.0.2.1}}\n", "gateway.yaml:2:14: server s: the gateway logs in as anonymous" },
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://127.0.0.1, security: {policy: Basic256}}}\n", "gateway.yaml:2:60: policy Basic256 rests on SHA-1 and is broken" },
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://127.0.0.1, user: {name: u, certificateFile: u.pem, keyFile: u.key}}}\n", "gateway.yaml:2:54: 'name' and a certificate are both given" },
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://127.0.0.1, user: {certificateFile: u.pem}}}\n", "gateway.yaml:2:47: 'keyFile' is missing in user" },
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://192.0.2.1, user: {name: u}, security: {checkHostName: false}}}\n", "gateway.yaml:2:84: server s: its certificate may be made for another host" },
        { "gateway: {id: a}\nservers: {s: {url: opc.tcp://192.0.2.1, user: {name: u}, security: {autoAccept: true}}}\n", "gateway.yaml:2:81: server s: any server certificate is accepted" },
        { "gateway: {id: a, http: {bind: 0.0.0.0}}\n", "gateway.yaml:1:31: pages on 0.0.0.0:8080 are open to everybody who reaches this machine" },
        { Head + "broker: {bind: 0.0.0.0, anonymous: true}\n", "gateway.yaml:4:36: broker: clients need no login" },
        { Head + "broker: {bind: 0.0.0.0, anonymous: true}\n", "gateway.yaml:4:16: broker: connections are not encrypted" },
        { Head + "feeds: {u: {type: mqtt, url: mqtt://192.0.2.1}}\n", "gateway.yaml:4:30: feed u: the connection is not encrypted; begin the address with mqtts://" },
        { Head + "feeds: {i: {type: influxdb, version: 1, database: d, url: \"http://192.0.2.1\"}}\n", "gateway.yaml:4:59: feed i: the connection is not encrypted" },

        // Broker and feeds
        { Head + "broker:\n", "gateway.yaml:4:8: nobody can log in to the broker" },
        { Head + "broker: {anonymous: true, port: 8080}\n", "gateway.yaml:4:33: the broker and the pages both want port 8080" },
        { Head + "feeds: {i: {type: influx, url: x}}\n", "gateway.yaml:4:19: unknown feed type 'influx'; did you mean 'influxdb'?" },
        { Head + "feeds: {i: {url: x}}\n", "gateway.yaml:4:12: feed 'i' has no type; add type: mqtt | influxdb | history" },
        { Head + "feeds: {i: {type: influxdb, url: \"http://localhost\"}}\n", "gateway.yaml:4:12: 'bucket' is missing for InfluxDB version 2" },
        { Head + "feeds: {i: {type: influxdb, version: 1, database: d, bucket: b, url: \"http://localhost\"}}\n", "gateway.yaml:4:62: 'bucket' does not go with InfluxDB version 1" },
        { Head + "feeds: {i: {type: influxdb, version: 3, url: \"http://localhost\"}}\n", "gateway.yaml:4:12: 'database' is missing for InfluxDB version 3" },
        { Head + "feeds: {i: {type: influxdb, version: 3, database: d, bucket: b, url: \"http://localhost\"}}\n", "gateway.yaml:4:62: 'bucket' does not go with InfluxDB version 3; take it out" },
        { Head + "feeds: {i: {type: influxdb, version: 1, database: d, noSync: true, url: \"http://localhost\"}}\n", "gateway.yaml:4:62: 'noSync' does not go with InfluxDB version 1" },
        { "gateway: {id: a, http: {history: trends}}\nservers: {s: {url: opc.tcp://localhost}}\n", "gateway.yaml:1:34: 'trends' is no feed of type history or influxdb that is turned on" },
        { Head + "feeds: {i: {type: influxdb, token: abc, url: \"http://localhost\"}}\n", "gateway.yaml:4:29: unknown key 'token' in influxdb feed; a secret does not belong in this file; use tokenEnv: NAME" },
        { Head + "feeds: {u: {type: mqtt, url: mqtt://localhost, version: 4}}\n", "gateway.yaml:4:57: version '4' is not spoken here; write one of: 3.1.1, 5" },
        { Head + "feeds: {u: {type: mqtt, url: mqtt://localhost, topicPrefix: a/#}}\n", "gateway.yaml:4:61: 'a/#' can't begin a topic" },
        { Head + "feeds: {history: {type: mqtt, url: mqtt://localhost}}\n", "gateway.yaml:4:18: the name 'history' is kept for the embedded history" },

        // Equipment types
        { Head + "equipmentTypes: {A: {extends: B}, B: {extends: A}}\n", "gateway.yaml:4:48: 'extends' goes in a circle: A extends B extends A" },
        { Head + "equipmentTypes: {Alpha: {extends: Alpa}}\n", "gateway.yaml:4:35: there is no equipment type 'Alpa'; did you mean 'Alpha'?" },
        { Head + "equipmentTypes: {A: {tags: {a/b: {}}}}\n", "gateway.yaml:4:29: 'a/b' can't be a signal's name" },
        { Head + "equipmentTypes: {A: {tags: {a: {type: Duble}}}}\n", "gateway.yaml:4:39: unknown type 'Duble'; did you mean 'Double'?" },
        { Head + "equipmentTypes: {A: {tags: {a: {range: [7, 0]}}}}\n", "gateway.yaml:4:40: the range's low end 7 is not below its high end 0" },
        { Head + "equipmentTypes: {A: {tags: {a: {range: [0]}}}}\n", "gateway.yaml:4:40: 'range' needs two ends but has 1" },
        { Head + "equipmentTypes: {A: {tags: {a: {bit: 3, bits: [0, 3]}}}}\n", "gateway.yaml:4:47: both 'bit' and 'bits' are given" },
        { Head + "equipmentTypes: {A: {tags: {a: {raw: {low: 0}}}}}\n", "gateway.yaml:4:38: raw has one end only" },
        { Head + "equipmentTypes: {A: {tags: {a: {deadband: -1}}}}\n", "gateway.yaml:4:43: 'deadband' can't be negative" },
        { Head + "equipmentTypes: {A: {tags: {a: {enum: {one: Uno}}}}}\n", "gateway.yaml:4:40: 'one' in enum is not a whole number" },

        // Units
        { Cell + "units: [{path: A/B, type: Sell, server: cas}]\n", "gateway.yaml:10:27: there is no equipment type 'Sell'; did you mean 'Cell'?" },
        { Cell + "units: [{path: A/B, type: Cell, server: cash}]\n", "gateway.yaml:10:41: there is no server 'cash'; did you mean 'cas'?" },
        { Cell + "units: [{path: A//B, type: Cell, server: cas, with: {unit: U}}]\n", "gateway.yaml:10:16: 'A//B' can't be a unit's path" },
        { Cell + "units: [{path: A/B, type: Cell, server: cas}]\n", "gateway.yaml:10:9: the nodes of Cell need a value for {unit}; add with: {unit: VALUE} to this unit" },
        { Cell + "units: [{path: A/B, type: Cell, server: cas, with: {unit: U}, overrides: {Sped: {}}}]\n", "gateway.yaml:10:75: equipment type Cell has no signal 'Sped'; did you mean 'Speed'?" },
        { Cell + "units: [{path: A/B, type: Cell, server: cas, with: {unit: U}, overrides: {Speed: {scale: fast}}}]\n", "gateway.yaml:10:90: 'scale' in tag must be a number, not 'fast'" },
        { Cell + "units:\n- {path: A/B, type: Cell, server: cas, with: {unit: U}}\n- {path: A/B, type: Cell, server: cas, with: {unit: V}}\n", "gateway.yaml:12:10: unit path A/B is already used at gateway.yaml:11:3" },
        { Cell + "units:\n- {path: A/B, type: Cell, server: cas, with: {unit: U}}\n- {path: A/b, type: Cell, server: cas, with: {unit: V}}\n", "gateway.yaml:12:10: unit path A/b differs from A/B in capitals only" },
        { Cell + "units: [{path: A/B, type: Cell, server: cas, with: {unit: U}, overrides: {Speed: {node: \"x=1\"}}}]\n", "gateway.yaml:10:89: 'nsu=http://example.com/UA/;x=1' is not a node id" },
        { Cell + "units: [{path: A/B, type: Cell, server: cas, with: {unit: U}, overrides: {Speed: {node: \"path:A//B\"}}}]\n", "gateway.yaml:10:89: 'path:A//B' is not a browse path" },
        { Cell + "units: [{path: A/B, type: Cell, server: cas, with: {unit: U}, overrides: {Speed: {safety: true, writable: true}}}]\n", "gateway.yaml:10:107: signal 'Speed' is marked safety and writable" },
        { Cell + "units: [{path: A/B, type: Cell, server: cas, with: {unit: U}, overrides: {Speed: {deadbandPercent: 1}}}]\n", "gateway.yaml:10:100: deadbandPercent of signal 'Speed' needs a range" },
        { Cell + "units: [{path: A/B, type: Cell, server: cas, with: {unit: U}, overrides: {Speed: {invert: true}}}]\n", "gateway.yaml:10:91: only a Boolean can be inverted" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Says_where_a_mistake_is_and_how_to_mend_it(string yaml, string expected) =>
        Assert.Contains(Loaded.Errors(yaml), error => error.StartsWith(expected, StringComparison.Ordinal));

    [Fact]
    public void Reports_all_errors_at_once_in_file_order()
    {
        var errors = Loaded.Text("gateway: {id: a, htpp: {}}\njournal: {flush: soon}\nservers: {s: {url: nowhere}}\nunits: [{path: A, type: T, server: s}]\n").Errors;

        Assert.Equal([1, 2, 3, 4], errors.Select(e => e.At.Line));
    }

    [Fact]
    public void Reports_a_mistake_of_a_type_once_however_many_units_use_it()
    {
        var broken = Cell.Replace("type: Double", "typ: Double", StringComparison.Ordinal);

        Assert.Single(Loaded.Errors(broken + "units:\n- {path: A, type: Cell, server: cas, with: {unit: A}}\n- {path: B, type: Cell, server: cas, with: {unit: B}}\n"));
    }

    [Fact]
    public void A_circle_of_includes_is_named_and_reading_goes_on()
    {
        var result = new Loaded().With("gateway.yaml", Head + "include: [b.yaml]\n").With("b.yaml", "include: [gateway.yaml]\nfeds: {}\n").Load();

        Assert.Equal(["gateway.yaml", "b.yaml", "b.yaml"], ["gateway.yaml", .. result.Errors.Select(e => e.At.File)]);
        Assert.Equal("b.yaml:1:11: 'include' goes in a circle: gateway.yaml includes b.yaml includes gateway.yaml; take one of these includes out", result.Errors[0].ToString());
    }

    [Fact]
    public void The_same_name_in_two_files_points_at_both()
    {
        var result = new Loaded().With("gateway.yaml", Head + "include: [b.yaml]\n").With("b.yaml", "servers: {cas: {url: opc.tcp://localhost}}\n").Load();

        Assert.Equal("b.yaml:1:11: 'cas' in servers is already given at gateway.yaml:3:3; rename one of the two or take it out", Assert.Single(result.Errors).ToString());
    }

    [Fact]
    public void A_missing_main_file_is_an_error_not_an_exception() =>
        Assert.Equal("gateway.yaml: file gateway.yaml is not there; mend the path", Assert.Single(new Loaded().Load().Errors).ToString());

    [Fact]
    public void A_queue_too_small_for_its_publishing_interval_is_a_warning()
    {
        var result = Loaded.Text(Cell + "units: [{path: A, type: Cell, server: cas, with: {unit: A}, overrides: {Speed: {sampling: 10ms, queue: 2}}}]\n");

        Assert.True(result.IsValid);
        Assert.Contains("write queue: 100", Assert.Single(result.Warnings).ToString(), StringComparison.Ordinal);
    }
}
