using FloorGateway.Model.Ledger;
using FloorGateway.Model.Values;

namespace FloorGateway.Hmi.Tests;

/// <summary>A plant with something of everything: 400 tags over five cells, an hour of history, one sick server, one feed that retries.</summary>
public static class DemoPlant
{
    private static readonly (string Signal, string? Unit, double Low, double High)[] Signals =
    [
        ("Shot.Velocity", "m/s", 0, 7), ("Shot.Pressure", "bar", 0, 900), ("Metal.Temperature", "°C", 660, 720), ("Vacuum", "mbar", 20, 60), ("Clamp.Force", "MN", 0, 88),
        ("Tcu1.MainLine.Temperature", "°C", 140, 220), ("Tcu2.MainLine.Temperature", "°C", 140, 220), ("CycleTime", "s", 100, 140), ("PowerActive", "kW", 0, 1200), ("AirFlow", "m³/h", 0, 400),
    ];

    public static FakeGateway Create(DateTime now)
    {
        var gateway = new FakeGateway { Started = now.AddHours(-30), InsecureChoices = ["server press-sim speaks OPC UA without encryption (securityMode: None)"] };
        var random = new Random(1);
        for (var cell = 1; cell <= 5; cell++)
        {
            for (var unit = 0; unit < 4; unit++)
            {
                var path = $"LXE/JSH/CAS/L01/DC{cell:00}/{(string[])["PRESS", "FURNACE", "SPRAY", "EXTRACT"] switch { var names => names[unit] }}";
                foreach (var (signal, symbol, low, high) in Signals)
                    gateway.Add(path, signal, t => t with { UnitSymbol = symbol, Low = low, High = high, Server = $"cas-{cell}", Description = $"{signal} of the {t.UnitPath.Split('/')[^1].ToLowerInvariant()}" });
                foreach (var signal in new[] { "State", "Step", "GoodCount", "RejectCount", "Heartbeat", "Blocked", "Starved", "PartId", "RecipeId", "Tcu.Temperatures" })
                    gateway.Add(path, signal, t => t with { Server = $"cas-{cell}" });
            }
        }

        for (var tag = 0; tag < gateway.Count; tag++)
        {
            if (tag == 3)
            {
                continue;
            }

            for (var second = tag < 3 ? 3600 : 1; second >= 0; second--)
                Step(gateway, tag, now.AddSeconds(-second), random);
        }

        gateway.Connections =
        [
            .. Enumerable.Range(1, 5).Select(cell => new Model.Status.ConnectionStatus(
                $"cas-{cell}", $"opc.tcp://cas-{cell}.plant.example:4840", cell == 4 ? "Disconnected" : cell == 5 ? "Degraded" : "Connected",
                cell == 4 ? "no answer to Hello within 5 s; the next try is in 8 s" : cell == 5 ? "the server revised the sampling interval of 12 items" : null,
                cell == 2 ? "None" : "Basic256Sha256 SignAndEncrypt", now.AddMinutes(cell == 4 ? -2 : -1700), 80,
                cell == 5 ? new Dictionary<string, string> { ["LXE/JSH/CAS/L01/DC05/PRESS/Vacuum"] = "BadNodeIdUnknown" } : new Dictionary<string, string>())),
        ];
        gateway.Ledger = new(
            [.. Enumerable.Range(1, 5).Select(cell => new ServerLedger($"cas-{cell}", 8_412_233 + cell, 1_200_411, 12 + cell, 7_211_810, cell == 4 ? 2 : 0))],
            5 * 7_211_810,
            [
                new("uns", 36_059_050, 36_058_990, 0, 60, 0, TimeSpan.FromMilliseconds(420), "Running", null),
                new("history", 36_059_050, 36_059_050, 0, 0, 0, TimeSpan.Zero, "Running", null),
                new("influxdb", 36_059_050, 36_020_048, 2, 39_000, 0, TimeSpan.FromSeconds(38), "Retrying", "InfluxDB at https://influx.plant.example:8086/ answered 401: unauthorized access. Check the token of feed influxdb; samples wait in the journal"),
            ]);
        return gateway;
    }

    /// <summary>Gives a tag its next sample.</summary>
    public static void Step(FakeGateway gateway, int tag, DateTime time, Random random)
    {
        var definition = gateway[tag];
        var status = definition.Server == "cas-4" ? StatusQuality.BadNoCommunication : tag % 67 == 5 ? StatusQuality.UncertainLastUsableValue : tag == 2 && time.Minute % 20 == 4 ? StatusQuality.BadSensorFailure : 0;
        var t = (time - FakeGateway.T0).TotalSeconds;
        var value = definition switch
        {
            { Signal: "PartId" } => TagValue.From($"GC-R-270315-DC01-{(int)(t / 121) % 100_000:00000}"),
            { Signal: "RecipeId" } => TagValue.From("RU-2027-B"),
            { Signal: "Blocked" or "Starved" } => TagValue.From((int)t % 40 == 0),
            { Signal: "Tcu.Temperatures" } => TagValue.From(Enumerable.Range(0, 12).Select(i => 180f + i + random.Next(10) / 10f).ToArray()),
            { Signal: "State" } => TagValue.From((int)t % 300 < 20 ? 5L : 6L),
            { Low: double.NaN } => TagValue.From((long)(t / 121) % 100_000),
            _ => TagValue.From(Math.Round(definition.Low + ((definition.High - definition.Low) * (0.5 + (0.35 * Math.Sin((t / (40 + tag % 7 * 30)) + tag)) + (0.04 * random.NextDouble()) + (tag == 41 ? 0.6 : 0))), 3)),
        };
        gateway.Set(tag, value, time, status);
    }
}
