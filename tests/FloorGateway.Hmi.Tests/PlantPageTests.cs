using FloorGateway.Model.Status;
using FloorGateway.Model.Values;
using FloorGateway.TestKit.Foreign;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FloorGateway.Hmi.Tests;

/// <summary>The plant page in a real browser, over tags as any plant may have them.</summary>
public sealed class PlantPageTests(Browser browser) : IClassFixture<Browser>
{
    private const string Lane = "document.querySelector('.lane')";

    [Fact]
    public async Task Machines_stand_in_the_order_of_flow_with_state_part_counts_and_cycle()
    {
        await using var host = await HmiHost.StartAsync(Plant(), realClock: true);
        var page = await OpenAsync(host);
        await page.WaitUntilAsync("[...document.querySelectorAll('.tile b')].map(b => b.textContent).join() == 'DC01,RB001,SPL01,TT01,STK01,XY01'");
        await page.WaitUntilAsync("[...document.querySelectorAll('.lane h2')].map(h => h.textContent).join() == 'Vehicles,Batteries,Other areas'");
        const string press = "document.querySelector('.tile')";
        await page.WaitUntilAsync($"{press}.innerText.includes('● Execute') && {press}.innerText.includes('GC-R-270315-DC01-1') && {press}.innerText.includes('✓ 95  ✗ 5 (5.0 %)') && {press}.innerText.includes('120 s')");
        await page.WaitUntilAsync($"{Tile("TT01")}.innerText.includes('97 s / 135 s')");
    }

    [Fact]
    public async Task Cycle_of_a_machine_that_tells_none_is_the_time_between_its_parts()
    {
        var plant = Plant();
        var made = plant.Add("LXE/JSH/BDY/L01/RB001/ROBOT", "GoodCount");
        var time = DateTime.UtcNow;
        plant.Set(made, TagValue.From(5L), time);
        await using var host = await HmiHost.StartAsync(plant, realClock: true);
        var page = await OpenAsync(host);
        await page.WaitUntilAsync($"{Tile("RB001")}.innerText.includes('✓ 5')");
        plant.Set(made, TagValue.From(7L), time.AddSeconds(220));
        await page.WaitUntilAsync($"{Tile("RB001")}.innerText.includes('110 s')");
        plant.Set(made, TagValue.From(0L), time.AddSeconds(300));
        await page.WaitUntilAsync($"{Tile("RB001")}.innerText.includes('✓ 0')");
        Assert.Contains("110 s", (await page.EvaluateAsync($"{Tile("RB001")}.innerText")).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_abnormal_has_a_colour_and_each_colour_a_shape_and_a_word()
    {
        var plant = Plant();
        await using var host = await HmiHost.StartAsync(plant, realClock: true);
        var page = await OpenAsync(host);
        await page.WaitUntilAsync($"{Tile("DC01")}.className == 'tile run'");
        Set(plant, "CAS/L01/DC01/PRESS/State", TagValue.From(9L));
        await page.WaitUntilAsync($"{Tile("DC01")}.className == 'tile problem' && {Tile("DC01")}.innerText.includes('■ Aborted')");
        Set(plant, "CAS/L01/DC01/PRESS/State", TagValue.From("Held"));
        await page.WaitUntilAsync($"{Tile("DC01")}.className == 'tile warning' && {Tile("DC01")}.innerText.includes('▲ Held')");
        Set(plant, "CAS/L01/DC01/PRESS/State", TagValue.From(5L));
        Set(plant, "CAS/L01/DC01/PRESS/Starved", TagValue.From(true));
        await page.WaitUntilAsync($"{Tile("DC01")}.className == 'tile wait' && {Tile("DC01")}.innerText.includes('starved')");
        Set(plant, "CAS/L01/DC01/PRESS/Alarm.FLASH", TagValue.From(true));
        await page.WaitUntilAsync($"{Tile("DC01")}.querySelector('.p1').textContent == '▲1 FLASH'");
        await page.WaitUntilAsync("document.querySelector('#alarms tbody').innerText.includes('Metal force near clamping force')");
        Set(plant, "CAS/L01/DC01/PRESS/Alarm.FLASH", TagValue.From(false));
        await page.WaitUntilAsync("!document.querySelector('#alarms .empty').hidden");
    }

    [Fact]
    public async Task Part_that_goes_on_and_vehicle_that_drives_are_seen_moving()
    {
        var plant = Plant();
        await using var host = await HmiHost.StartAsync(plant, realClock: true);
        var page = await OpenAsync(host);
        await page.WaitUntilAsync("document.querySelectorAll('.vehicle').length == 2");
        Set(plant, "BDY/L01/RB001/ROBOT/PartId", TagValue.From("GC-R-270315-DC01-1"));
        await page.WaitUntilAsync("document.querySelector('#moves tbody').innerText.includes('DC01 → RB001')");
        Set(plant, "ASM/SPV/SPV001/SPV001/LinePosition", TagValue.From(306.0));
        await page.WaitUntilAsync("document.querySelector('.vehicle').style.left == '50%'");
        Set(plant, "ASM/SPV/SPV001/SPV001/DriveState", TagValue.From(3L));
        await page.WaitUntilAsync("document.querySelector('.vehicle').className == 'vehicle warning' && document.querySelector('.vehicle').title.includes('Protective stop')");
    }

    [Fact]
    public async Task Speaks_chinese_and_remembers_it()
    {
        await using var host = await HmiHost.StartAsync(Plant(), realClock: true);
        var page = await OpenAsync(host);
        await page.WaitUntilAsync($"{Lane}.innerText.includes('Casting')");
        await page.EvaluateAsync("document.querySelector('#language').click()");
        await page.WaitUntilAsync($"{Lane}.innerText.includes('压铸') && {Tile("DC01")}.innerText.includes('● 运行') && document.documentElement.lang == 'zh'");
        await page.EvaluateAsync("location.reload()");
        await page.WaitUntilAsync($"{Lane}.innerText.includes('压铸')");
    }

    [Fact]
    public async Task Many_machines_of_a_kind_share_a_tile_that_shows_who_stands()
    {
        var plant = Plant();
        for (var i = 2; i <= 60; i++)
            Set(plant, plant.Add($"LXE/JSH/BDY/L01/RB{i:000}/ROBOT", "State"), TagValue.From(i == 30 ? 11L : 6L));
        await using var host = await HmiHost.StartAsync(plant, realClock: true);
        var page = await OpenAsync(host);
        await page.WaitUntilAsync("document.querySelectorAll('.crowd .cell').length == 60");
        await page.WaitUntilAsync("document.querySelector('.crowd').innerText.includes('RB001 – RB060') && document.querySelector('.crowd').innerText.includes('58 / 60')");
        await page.WaitUntilAsync("[...document.querySelectorAll('.crowd .cell.warning')].map(c => c.title).join() == 'RB030 Held'");
    }

    [Fact]
    public async Task Machine_opens_with_all_its_signals_and_closes_with_escape()
    {
        await using var host = await HmiHost.StartAsync(Plant(), realClock: true);
        var page = await OpenAsync(host);
        await page.WaitUntilAsync($"{Tile("DC01")}.tagName == 'BUTTON'");
        await page.EvaluateAsync($"{Tile("DC01")}.click()");
        await page.WaitUntilAsync("!document.querySelector('#detail').hidden && document.querySelectorAll('#detail tr').length == 8");
        await page.WaitUntilAsync("document.querySelector('#detail a').getAttribute('href') == '/#LXE/JSH/CAS/L01/DC01/PRESS/State'");
        await page.EvaluateAsync("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))");
        await page.WaitUntilAsync("document.querySelector('#detail').hidden");
    }

    [Fact]
    public async Task Conditions_of_the_gateway_are_alarms_and_a_lost_server_is_hatched()
    {
        var plant = Plant();
        plant.Conditions = [new GatewayCondition("ClockSkew", 3, "cas", "cas", DateTimeOffset.UtcNow, "its values' times are 400.0 s ahead")];
        await using var host = await HmiHost.StartAsync(plant, realClock: true);
        var page = await OpenAsync(host);
        await page.WaitUntilAsync("document.querySelector('#alarms tbody').innerText.includes('400.0 s ahead')");
        plant.Connections = [new ConnectionStatus("cas", "opc.tcp://cas.plant.example:4840", "Disconnected", "the cable is out", "None", DateTimeOffset.UtcNow, 1, new Dictionary<string, string>())];
        await page.WaitUntilAsync($"{Tile("DC01")}.className == 'tile unknown' && {Tile("DC01")}.innerText.includes('no connection')");
    }

    [Fact]
    public async Task Faults_are_hidden_where_the_plant_is_not_a_simulated_one()
    {
        await using var host = await HmiHost.StartAsync(Plant(), realClock: true);
        var page = await OpenAsync(host);
        await page.WaitUntilAsync("document.querySelectorAll('.tile').length > 0 && document.querySelector('#faults').hidden");
    }

    [Fact]
    public async Task Fault_of_a_simulated_plant_is_injected_shown_and_ended()
    {
        var active = new List<object>();
        FaultRequest? asked = null;
        await using var host = await HmiHost.StartAsync(Plant(), realClock: true, more: app =>
        {
            app.MapGet("/api/simulation/faults", () => active.ToArray());
            app.MapGet("/api/simulation/catalogue", () => new[]
            {
                new
                {
                    unit = "DC01",
                    faults = new[] { new { code = "F2", name = "drift", description = "runs away", scope = "Signal", parameter = "units an hour", standard = "1", words = Array.Empty<string>(), needsSignal = true, needsNumber = true } },
                    signals = new[] { new { name = "PRESS/PartId", number = false }, new { name = "PRESS/CycleTime", number = true } },
                },
            });
            app.MapPost("/api/simulation/faults", (FaultRequest request) =>
            {
                asked = request;
                if (request.Param == "much")
                    return Results.BadRequest(new { problems = new[] { new { message = "'much' is no number", remedy = "write one" } } });
                active.Add(new { id = 1, unit = request.Unit, fault = request.Fault, signal = request.Signal, param = request.Param });
                return Results.Ok(new { problems = Array.Empty<object>() });
            });
            app.MapDelete("/api/simulation/faults", (string unit) => { active.Clear(); return unit; });
        });
        var page = await OpenAsync(host);
        await page.WaitUntilAsync("!document.querySelector('#faults').hidden && document.querySelector('select[name=signal]').value == 'PRESS/CycleTime'");
        await page.EvaluateAsync("document.querySelector('input[name=param]').value = 'much'; document.querySelector('#faults form button').click()");
        await page.WaitUntilAsync("document.querySelector('#fault-answer').textContent == \"'much' is no number; write one\"");
        await page.EvaluateAsync("document.querySelector('input[name=param]').value = '3'; document.querySelector('#faults form button').click()");
        await page.WaitUntilAsync("document.querySelector('#faults tbody').innerText.includes('CycleTime')");
        Assert.Equal(new FaultRequest("DC01", "F2", "PRESS/CycleTime", "3", 60), asked);
        await page.EvaluateAsync("document.querySelector('#faults tbody button').click()");
        await page.WaitUntilAsync("document.querySelector('#faults tbody').innerText == ''");
    }

    [Theory]
    [InlineData(1920, 1080)]
    [InlineData(1366, 768)]
    public async Task Nothing_is_cut_off_and_text_has_contrast(int width, int height)
    {
        var plant = Plant();
        // One of each colour.
        Set(plant, "CAS/L01/DC01/PRESS/State", TagValue.From(9L));
        Set(plant, "ASM/CHAS/TT01/TT01/State", TagValue.From(11L));
        foreach (var (unit, alarm) in new[] { ("CAS/L01/DC01/PRESS", "ISO"), ("BDY/L01/RB001/ROBOT", "RIV_OUT"), ("SSC/L01/STK01/STK01", "VACPICK"), ("ASM/CHAS/TT01/TT01", "TOOL_SVC"), ("ASM/SPV/SPV001/SPV001", "OBST") })
            Set(plant, plant.Add("LXE/JSH/" + unit, "Alarm." + alarm), TagValue.From(true));
        await using var host = await HmiHost.StartAsync(plant, realClock: true);
        var page = browser.Page;
        await page.GoAsync(new Uri(host.Url, "/plant"), width, height);
        await page.WaitUntilAsync("document.querySelectorAll('.tile').length == 6 && document.querySelector('#alarm-count').textContent == 'P1: 1  P2: 2  P3: 1  P4: 1'");
        Assert.Equal(0, (await page.EvaluateAsync("document.documentElement.scrollWidth > innerWidth ? 1 : 0")).GetInt32());
        Assert.Equal("", (await page.EvaluateAsync("[...document.querySelectorAll('.tile')].filter(t => t.scrollHeight > t.clientHeight + 1).map(t => t.innerText).join()")).GetString());
        Assert.Equal("", (await page.EvaluateAsync(TooFaint)).GetString());
    }

    /// <summary>Elements whose own text has less than 4.5:1 against the nearest painted ground (WCAG 2.2, 1.4.3).</summary>
    private const string TooFaint = """
        (() => {
          const rgb = c => (c.match(/[\d.]+/g) ?? []).map(Number);
          const lum = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0.5) return c; } return [201, 204, 207]; };
          return [...document.querySelectorAll('body *')].filter(e => e.offsetParent && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())).filter(e => {
            const [a, b] = [lum(rgb(getComputedStyle(e).color)), lum(ground(e))].sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05) < 4.5;
          }).map(e => e.className + ': ' + e.textContent).join('; ');
        })()
        """;

    private sealed record FaultRequest(string Unit, string Fault, string Signal, string Param, double DurationS);

    private static string Tile(string code) => $"[...document.querySelectorAll('.tile')].find(t => t.querySelector('b').textContent == '{code}')";

    private async Task<ChromiumPage> OpenAsync(HmiHost host)
    {
        await browser.Page.GoAsync(new Uri(host.Url, "/plant"));
        return browser.Page;
    }

    private static void Set(FakeGateway plant, string path, TagValue value) => Set(plant, plant.TryFind($"LXE/JSH/{path}", out var tag) ? tag.Id : throw new ArgumentException(path, nameof(path)), value);

    private static void Set(FakeGateway plant, int tag, TagValue value) => plant.Set(tag, value, DateTime.UtcNow);

    /// <summary>Some machines of both flows, one of an area nobody knows, two vehicles.</summary>
    private static FakeGateway Plant()
    {
        var plant = new FakeGateway();
        Machine("STK", "SSC/L01/STK01/STK01", 6, "9LXCZ01");
        Machine("DieCastPress", "CAS/L01/DC01/PRESS", 6, "GC-R-270315-DC01-1");
        Add("CAS/L01/DC01/PRESS", "GoodCount", TagValue.From(95L));
        Add("CAS/L01/DC01/PRESS", "RejectCount", TagValue.From(5L));
        Add("CAS/L01/DC01/PRESS", "CycleTime", TagValue.From(120.0));
        Add("CAS/L01/DC01/PRESS", "Starved", TagValue.From(false));
        Add("CAS/L01/DC01/PRESS", "Blocked", TagValue.From(false));
        Set(plant, plant.Add("LXE/JSH/CAS/L01/DC01/PRESS", "Alarm.FLASH", t => t with { Description = "Metal force near clamping force" }), TagValue.From(false));
        Machine("Other", "ZZZ/L01/XY01/XY01", 4, "");
        Machine("TighteningStation", "ASM/CHAS/TT01/TT01", 6, "LZXAB1CD7VJ000123");
        Add("ASM/CHAS/TT01/TT01", "CycleTime", TagValue.From(97.0));
        Machine("JoiningRobot", "BDY/L01/RB001/ROBOT", 5, "");
        Machine("VehicleLine", "ASM/SPL/SPL01/SPL01", 6, "");
        Add("ASM/SPL/SPL01/SPL01", "Takt", TagValue.From(135.0));
        Add("ASM/SPL/SPL01/SPL01", "VehiclesOnLine", TagValue.From(2L));
        for (var i = 1; i <= 2; i++)
        {
            var unit = $"ASM/SPV/SPV00{i}/SPV00{i}";
            Set(plant, plant.Add("LXE/JSH/" + unit, "LinePosition", t => t with { Low = 0, High = 612 }), TagValue.From(i * 100.0));
            Add(unit, "DriveState", TagValue.From(1L));
            Add(unit, "Vin", TagValue.From($"LZXAB1CD7VJ00012{i}"));
        }

        return plant;

        void Machine(string type, string unit, long state, string part)
        {
            Set(plant, plant.Add("LXE/JSH/" + unit, "State", t => t with { EquipmentType = type }), TagValue.From(state));
            Add(unit, "PartId", TagValue.From(part));
        }

        void Add(string unit, string signal, TagValue value) => Set(plant, plant.Add("LXE/JSH/" + unit, signal), value);
    }
}
