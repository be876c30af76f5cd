using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Conditions;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Companion;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Equipment;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.PackMl;
using FloorGateway.Simulators.Profiles;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.Simulators.Tests.Companion;

/// <summary>A unit in an address space, with what the companion specifications say about it.</summary>
public sealed class UnitCompanionTests(ITestOutputHelper output)
{
    private readonly Space _space = new("urn:example.com:test");
    private readonly NodeSink _sink = new();

    public static TheoryData<string> Types => [.. EquipmentCatalogue.Types];

    private PublishedUnit Publish(string code, bool conditions = false)
    {
        var unit = EquipmentCatalogue.Create(code, Run.Context(_sink));
        var published = UnitNodes.Add(_space, unit, _sink, (u, method, arguments) => u.Call(method, arguments));
        UnitCompanions.Add(published);
        if (unit is EquipmentUnit machine) AlarmNodes.Add(published, machine, conditions);
        unit.Advance(0);
        return published;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_is_identified_and_leaves_no_variable_without_a_value(string type)
    {
        var before = _space.NodeCount;
        var published = Publish(type + "01", conditions: true);
        var cell = new Instance(published.Cell);
        Assert.Equal(type + "01-2026", cell.Variable("Identification/SerialNumber").GetValue().Value.AsString());
        Assert.Contains(published.Unit.Location, cell.Variable("Identification/ProductInstanceUri").GetValue().Value.AsString());
        Assert.Equal(6, cell.Variable("EquipmentLevel").GetValue().Value.AsInt32());
        var instances = _space.Nodes.OfType<VariableNode>().Where(n => n.Id.IdType == NodeIdType.String).ToList();
        Assert.All(instances, v => Assert.True(v.GetValue().Status.IsGood || v.GetValue().Status == StatusCodes.BadStateNotActive, $"{v.Id}: {v.GetValue().Status}"));
        output.WriteLine($"{type}: {published.Unit.Signals.Count} signals, {_space.NodeCount - before} nodes, {instances.Count} variables of instances; {string.Join(", ", _space.Models.Skip(1).Select(m => m.File))}");
    }

    [Fact]
    public void PackML_shows_state_counts_and_flow_and_takes_commands()
    {
        var published = Publish("DC01");
        var cell = (DieCastCell)published.Unit;
        var packMl = new Instance(published.Cell).At("PackML");
        Assert.Equal("PackMLBaseObjectType", packMl.Node.TypeDefinition!.BrowseName.Name);
        Assert.Equal("Stopped", Text(packMl, "BaseStateMachine/MachineState/CurrentState"));
        Assert.Equal(StatusCodes.BadStateNotActive, packMl.Variable("BaseStateMachine/MachineState/ExecuteState/CurrentState").GetValue().Status);
        cell.ForSeconds(60);
        Assert.Equal(PackMlState.Execute, cell.PackMl);
        Assert.Equal(("Cleared", "Running", "Execute"), (Text(packMl, "BaseStateMachine/CurrentState"), Text(packMl, "BaseStateMachine/MachineState/CurrentState"), Text(packMl, "BaseStateMachine/MachineState/ExecuteState/CurrentState")));
        var id = packMl.Variable("BaseStateMachine/MachineState/ExecuteState/CurrentState/Id").GetValue().Value;
        Assert.Equal(new NodeId(_space.IndexOf(CompanionSpecifications.PackMl), 36), (NodeId)id.Boxed!); // Execute
        cell.For(TimeSpan.FromMinutes(20));
        var count = (DynamicStructure)((ExtensionObject?[])packMl.Variable("Admin/ProdProcessedCount").GetValue().Value.Boxed!)[0]!.Decoded!;
        Assert.Equal((int)(cell.GoodCount.Value + cell.RejectCount.Value), count["Count"].AsInt32());
        cell.SetInputAvailable(false);
        cell.For(TimeSpan.FromMinutes(5));
        Assert.True(packMl.Variable("Status/EquipmentStarved").GetValue().Value.AsBoolean());
        Assert.Equal("Suspended", Text(packMl, "BaseStateMachine/MachineState/ExecuteState/CurrentState"));
        Assert.Equal(1, packMl.Variable("Status/UnitModeCurrent").GetValue().Value.AsInt32());
        var (status, _) = packMl.Method("BaseStateMachine/Abort").Handler!(new(), []);
        Assert.True(status.IsGood);
        Assert.Equal("Aborting", Text(packMl, "BaseStateMachine/CurrentState"));
        Assert.Equal("OutOfService", Text(new Instance(published.Cell), "MachineryItemState/CurrentState"));
        Assert.Equal("Processing", Text(new Instance(published.Cell), "MachineryOperationMode/CurrentState"));
    }

    [Theory]
    [InlineData("DC01", "PackML", "PackMLBaseObjectType")]
    [InlineData("DC01", "TCU1/DeviceZone", "DeviceZoneType")]
    [InlineData("RB001", "MotionDeviceSystem", "MotionDeviceSystemType")]
    [InlineData("RB001", "JoiningSystem", "JoiningSystemType")]
    [InlineData("PNT01", "OVEN/Zone1", "ProcessValueType")]
    [InlineData("SPV001", "Rtls", "RtlsDeviceType")]
    [InlineData("MAR01", "PackML", "PackMLBaseObjectType")]
    [InlineData("TT01", "JoiningSystem", "JoiningSystemType")]
    [InlineData("GL01", "VisionSystem", "VisionSystemType")]
    [InlineData("ADAS01", "VisionSystem", "VisionSystemType")]
    [InlineData("ADAS01", "ResultManagement", "ResultManagementType")]
    [InlineData("MIX01", "Scale", "LossInWeightScaleType")]
    [InlineData("COAT01", "OVEN/Zone8", "ProcessValueType")]
    [InlineData("STK10", "VisionSystem", "VisionSystemType")]
    [InlineData("DRY01", "Dryer", "DryerType")]
    [InlineData("WLD08", "LaserSystem", "LaserSystemType")]
    [InlineData("FR01", "Rack/FunctionalUnitSet/TRAY01", "FunctionalUnitType")]
    [InlineData("GRD01", "ResultManagement", "ResultManagementType")]
    [InlineData("M01", "Reader", "OpticalReaderDeviceType")]
    [InlineData("MTR001", "EnergyMeasurement", "EnergyMeasurementType")]
    public void A_type_follows_the_specifications_named_for_it(string code, string path, string type) =>
        Assert.Equal(type, new Instance(Publish(code).Cell).Object(path).TypeDefinition!.BrowseName.Name);

    [Fact]
    public void A_meter_shows_its_readings_in_the_words_of_the_energy_profile()
    {
        var published = Publish("MTR001");
        published.Unit.For(TimeSpan.FromMinutes(5));
        var energy = new Instance(published.Cell).At("EnergyMeasurement");
        Assert.Equal((float)(published.Find("PowerActive")!.GetValue().Value.AsDouble() * 1000), energy.Variable("AcActivePowerTotal").GetValue().Value.AsDouble());
        Assert.Equal("MeterType", published.Cell.TypeDefinition!.BrowseName.Name);
        Assert.Null(new Instance(Publish("MTR200").Cell).Find("EnergyMeasurement")); // compressed air
    }

    [Fact]
    public void A_stack_light_has_a_lamp_for_each_colour()
    {
        var unit = EquipmentCatalogue.Create("DC01", Run.Context(_sink) with { Scale = PlantScale.Full });
        var published = UnitNodes.Add(_space, unit, _sink, (u, method, arguments) => u.Call(method, arguments));
        UnitCompanions.Add(published);
        unit.Advance(0);
        var light = published.Find("StackLight")!.GetValue().Value.AsInt32();
        var lamps = new Instance(published.Cell).At("Stacklight");
        Assert.Equal([(light & 1) != 0, (light & 2) != 0, (light & 4) != 0], new[] { "Green", "Yellow", "Red" }.Select(l => lamps.Variable(l + "/SignalOn").GetValue().Value.AsBoolean()));
        Assert.Equal("DieCastCellType", published.Cell.TypeDefinition!.BrowseName.Name);
    }

    [Fact]
    public void A_robot_shows_its_axes_and_programme_in_the_words_of_robotics()
    {
        var published = Publish("RB001");
        var robot = (JoiningRobot)published.Unit;
        robot.For(TimeSpan.FromMinutes(4));
        var system = new Instance(published.Cell).At("MotionDeviceSystem");
        for (var i = 0; i < 6; i++)
            Assert.Equal(((double[])robot.AxisPosition.Published.AsArray)[i], system.Variable($"MotionDevices/Robot/Axes/A{i + 1}/ParameterSet/ActualPosition").GetValue().Value.AsDouble());
        Assert.Equal(robot.TaskProgramName.Value, system.Variable("Controllers/Controller/TaskControls/Task/ParameterSet/TaskProgramName").GetValue().Value.AsString());
        Assert.False(system.Variable("SafetyStates/SafetyState/ParameterSet/ProtectiveStop").GetValue().Value.AsBoolean());
        robot.GuardClosed.Set(false);
        Assert.True(system.Variable("SafetyStates/SafetyState/ParameterSet/ProtectiveStop").GetValue().Value.AsBoolean());
        var devices = _space.Find(new NodeId(_space.IndexOf(CompanionSpecifications.Di), 5001))!;
        Assert.True(devices.FindChild(new QualifiedName(published.NamespaceIndex, "MotionDeviceSystem")) == system.Node);
    }

    [Fact]
    public void A_tightening_s_result_has_meta_data_values_and_trace()
    {
        var published = Publish("TT01");
        var station = (TighteningStation)published.Unit;
        station.For(TimeSpan.FromMinutes(10));
        var management = new Instance(published.Cell).At("JoiningSystem/ResultManagement");
        var (status, outputs) = management.Method("GetLatestResult").Handler!(new(), [Variant.From(0)]);
        Assert.True(status.IsGood);
        var result = (DynamicStructure)((ExtensionObject)outputs[1].Boxed!).Decoded!;
        var meta = result.Nested("ResultMetaData")!;
        Assert.Equal(station.ResultId.Value, meta["ResultId"].AsString());
        Assert.Equal(station.ResultEvaluation.Value, meta["ResultEvaluation"].AsInt32());
        var content = (DynamicStructure)((ExtensionObject)((Variant[])result["ResultContent"].Boxed!)[0].Boxed!).Decoded!;
        var values = ((ExtensionObject?[])content["OverallResultValues"].Boxed!).Select(v => (DynamicStructure)v!.Decoded!).ToList();
        Assert.Equal(["Torque", "Angle"], values.Select(v => v["Name"].AsString()));
        Assert.Equal(station.FinalTorque.Published.AsDouble, values[0]["MeasuredValue"].AsDouble());
        var steps = (ExtensionObject?[])content.Nested("Trace")!["StepTraces"].Boxed!;
        Assert.Equal((uint)station.TraceTorque.Value.Length, ((DynamicStructure)steps[0]!.Decoded!)["NumberOfTracePoints"].AsUInt32());
    }

    [Fact]
    public void A_formation_position_and_a_laser_say_their_state()
    {
        var rack = Publish("FR01");
        var welder = Publish("WLD08");
        rack.Unit.For(TimeSpan.FromHours(1));
        welder.Unit.For(TimeSpan.FromMinutes(3));
        Assert.Equal("Running", Text(new Instance(rack.Cell), "Rack/FunctionalUnitSet/TRAY01/FunctionalUnitState/CurrentState"));
        Assert.Equal(((TabWelder)welder.Unit).Laser.Value, Array.IndexOf(Enum.GetNames<LaserState>(), Text(new Instance(welder.Cell), "LaserSystem/Monitoring/LaserSystemStatus/LaserSystemState/CurrentState")));
    }

    [Fact]
    public void A_level_alarm_is_a_condition_with_limit_severity_cause_and_action()
    {
        var published = Publish("DC01", conditions: true);
        var alarm = ((DieCastCell)published.Unit).FindAlarm("MET_LO")!;
        var condition = new Instance(_space.Find(new NodeId(published.NamespaceIndex, "DC01.Alarm.MET_LO.Condition"))!);
        Assert.Equal("ExclusiveLevelAlarmType", condition.Node.TypeDefinition!.BrowseName.Name);
        Assert.Equal(675, condition.Variable("LowLimit").GetValue().Value.AsDouble());
        Assert.Equal(new NodeId(published.NamespaceIndex, "DC01.Furnace.MetalTemp"), (NodeId)condition.Variable("InputNode").GetValue().Value.Boxed!);
        alarm.Set(true);
        Assert.True(condition.Variable("ActiveState/Id").GetValue().Value.AsBoolean());
        Assert.Equal(700u, condition.Variable("Severity").GetValue().Value.AsUInt32());
        Assert.Equal("Low", Text(condition, "LimitState/CurrentState"));
        Assert.Contains("Burner", Text(condition, "Message"));
        Assert.Contains("Hold dosing", Text(condition, "Message"));
        alarm.Set(false);
        Assert.False(condition.Variable("ActiveState/Id").GetValue().Value.AsBoolean());
        Assert.True(condition.Variable("Retain").GetValue().Value.AsBoolean()); // nobody has acknowledged it
    }

    [Fact]
    public void Deviation_and_off_normal_alarms_have_their_types()
    {
        var published = Publish("COAT01", conditions: true);
        Assert.Equal("ExclusiveDeviationAlarmType", Type("COAT01.Alarm.LOAD_DEV"));
        Assert.Equal("ExclusiveLevelAlarmType", Type("COAT01.Alarm.SOLV"));
        Assert.Equal("OffNormalAlarmType", Type("COAT01.Alarm.NOK3"));
        var deviation = new Instance(_space.Find(new NodeId(published.NamespaceIndex, "COAT01.Alarm.LOAD_DEV.Condition"))!);
        Assert.Equal(new NodeId(published.NamespaceIndex, "COAT01.SetPoint.Loading"), (NodeId)deviation.Variable("SetpointNode").GetValue().Value.Boxed!);

        string? Type(string alarm) => _space.Find(new NodeId(published.NamespaceIndex, alarm + ".Condition"))!.TypeDefinition!.BrowseName.Name;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_alarm_is_acknowledged_and_shelved_by_the_unit_s_methods_with_and_without_conditions(bool conditions)
    {
        var published = Publish("DC01", conditions);
        var cell = (DieCastCell)published.Unit;
        var alarm = cell.FindAlarm("MET_LO")!;
        var bit = new Instance(published.Node(alarm.Signal));
        alarm.Set(true);
        Assert.False(bit.Variable("AckedState").GetValue().Value.AsBoolean());
        Assert.True(published.Call("AckAlarm", SignalValue.From("MET_LO"), SignalValue.From(""), SignalValue.From("seen")).IsGood);
        Assert.True(bit.Variable("AckedState").GetValue().Value.AsBoolean());
        Assert.True(published.Call("Shelve", SignalValue.From("MET_LO"), SignalValue.From(5.0), SignalValue.From("known")).IsGood);
        Assert.Equal("TimedShelved", bit.Variable("ShelvingState").GetValue().Value.AsString());
        cell.ForSeconds(301);
        Assert.Equal("Unshelved", bit.Variable("ShelvingState").GetValue().Value.AsString());
        if (!conditions) return;
        var condition = new Instance(_space.Find(new NodeId(published.NamespaceIndex, "DC01.Alarm.MET_LO.Condition"))!);
        Assert.True(condition.Variable("AckedState/Id").GetValue().Value.AsBoolean());
        Assert.Equal("seen", Text(condition, "Comment"));
    }

    [Fact]
    public void An_acknowledgement_of_the_condition_reaches_the_unit_and_P1_has_no_shelf()
    {
        var published = Publish("DC01", conditions: true);
        var cell = (DieCastCell)published.Unit;
        var alarm = cell.FindAlarm("MET_LO")!;
        alarm.Set(true);
        var condition = new Instance(_space.Find(new NodeId(published.NamespaceIndex, "DC01.Alarm.MET_LO.Condition"))!);
        var eventId = condition.Variable("EventId").GetValue().Value;
        Assert.True(condition.Method("Acknowledge").Handler!(new(), [eventId, Variant.From(new LocalizedText("ok"))]).Status.IsGood);
        Assert.True(alarm.IsAcked);
        Assert.False(published.Call("AckAlarm", SignalValue.From("MET_LO"), SignalValue.From(""), SignalValue.From("")).IsGood);
        Assert.True(condition.Method("ShelvingState/OneShotShelve").Handler!(new(), []).Status.IsGood);
        Assert.Equal(nameof(ShelvingState.OneShotShelved), new Instance(published.Node(alarm.Signal)).Variable("ShelvingState").GetValue().Value.AsString());
        var flash = new Instance(_space.Find(new NodeId(published.NamespaceIndex, "DC01.Alarm.FLASH.Condition"))!);
        Assert.Null(flash.Find("ShelvingState"));
    }

    [Fact]
    public void After_a_restart_of_the_server_alarms_are_as_they_were()
    {
        var published = Publish("DC01", conditions: true);
        var cell = (DieCastCell)published.Unit;
        var (over, active) = (cell.FindAlarm("MET_LO")!, cell.FindAlarm("TCU1.TCU_FLOW")!);
        over.Set(true);
        over.Set(false);
        active.Set(true);
        published.Call("AckAlarm", SignalValue.From("TCU1.TCU_FLOW"), SignalValue.From(""), SignalValue.From(""));
        published.Call("Shelve", SignalValue.From("TCU1.TCU_FLOW"), SignalValue.From(5.0), SignalValue.From(""));
        var space = new Space("urn:example.com:test");
        var again = UnitNodes.Add(space, cell, _sink, (u, method, arguments) => u.Call(method, arguments));
        AlarmNodes.Add(again, cell, conditions: true);
        Assert.Equal((false, false, "Unshelved"), State("DC01.Alarm.MET_LO"));
        Assert.Equal((true, true, "TimedShelved"), State("DC01.TCU1.Alarm.TCU_FLOW"));
        Assert.Equal((false, true, "Unshelved"), State("DC01.Alarm.VAC_HI"));
        active.Set(false);
        Assert.False(State("DC01.TCU1.Alarm.TCU_FLOW").Active);

        (bool Active, bool Acked, string? Shelving) State(string alarm)
        {
            var condition = new Instance(space.Find(new NodeId(again.NamespaceIndex, alarm + ".Condition"))!);
            return (condition.Variable("ActiveState/Id").GetValue().Value.AsBoolean(), condition.Variable("AckedState/Id").GetValue().Value.AsBoolean(), Text(condition, "ShelvingState/CurrentState"));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_alarm_tells_its_cause_and_what_to_do(string type)
    {
        if (EquipmentCatalogue.Create(type + "01", Run.Context(_sink)) is not EquipmentUnit unit) return;
        Assert.All(unit.Alarms, a => Assert.True(AlarmText.IsWritten(unit, a), $"{unit.GetType().Name} {a.Tag} has no line in OpcUa/AlarmTexts.tsv"));
        foreach (var (alarm, text) in unit.Alarms.Select(a => (a, AlarmText.Of(unit, a))))
        {
            foreach (var name in new[] { text.Input, text.SetPoint }.Where(n => n.Length > 0))
                Assert.True(unit.Signals.Any(s => s.Name == name), $"{unit.GetType().Name} {alarm.Tag} watches {name}, which is no signal of it");
            Assert.True(text.Kind == AlarmKind.OffNormal || alarm.Limit is not null || text.Limit is not null, $"{unit.GetType().Name} {alarm.Tag} has no limit");
        }
    }

    private static string? Text(Instance instance, string path) => instance.Variable(path).GetValue().Value.TryGet<LocalizedText>(out var text) ? text.Text : null;
}
