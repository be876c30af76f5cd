using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.OpcUa;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Companion;

/// <summary>Robotics (OPC 40010-1): the robot with its axes, drives, controller and safety state, which is shown only.</summary>
internal static class RoboticsNodes
{
    private const int ArticulatedRobot = 1, Rotary = 1, ManualReducedSpeed = 1, Automatic = 3;

    public static void Add(PublishedUnit unit)
    {
        var machine = (EquipmentUnit)unit.Unit;
        var system = Make(unit.Cell, "MotionDeviceSystemType", "MotionDeviceSystem").Nameplate("Robot system", unit.Unit.Code);
        var devices = unit.Space.Get<ObjectNode>(new NodeId(unit.Space.IndexOf(CompanionSpecifications.Di), DeviceSet));
        unit.Space.AddReference(devices, ReferenceTypeIds.Organizes, system.Node);
        AddRobot(unit, system);
        var controller = Make(system.Object("Controllers"), "ControllerType", "Controller").Nameplate("Robot controller", unit.Unit.Code + "-C").Text("CurrentUser/Level", "Operator");
        var task = Make(controller.Object("TaskControls"), "TaskControlType", "Task").Text("ComponentName", "Main task");
        task.Mirror("ParameterSet/TaskProgramName", unit.Find("TaskProgramName") ?? unit.Node(machine.RecipeId)).Set("ParameterSet/TaskProgramLoaded", Variant.From(true));
        Make(system.Object("SafetyStates"), "SafetyStateType", "SafetyState")
            .Mirror("ParameterSet/OperationalMode", unit.Node(machine.Mode), v => Variant.From(v.AsInt32() == 3 ? ManualReducedSpeed : Automatic))
            .Mirror("ParameterSet/ProtectiveStop", unit.Node(machine.GuardClosed), v => Variant.From(!v.AsBoolean()));
        system.FillDefaults();
    }

    /// <summary>DI's folder of devices.</summary>
    private const uint DeviceSet = 5001;

    private static void AddRobot(PublishedUnit unit, Instance system)
    {
        var robot = Make(system.Object("MotionDevices"), "MotionDeviceType", "Robot").Nameplate("Six-axis robot", unit.Unit.Code + "-R");
        robot.Set("MotionDeviceCategory", Variant.From(ArticulatedRobot)).Mirror("ParameterSet/SpeedOverride", unit.Find("SpeedOverride"));
        if (unit.Find("Axis.ActualPosition") is not { } axes) return;
        for (var i = 0; i < 6; i++)
        {
            var number = i;
            var axis = Make(robot.Object("Axes"), "AxisType", $"A{i + 1}").Set("MotionProfile", Variant.From(Rotary)).MirrorAnalog("ParameterSet/ActualPosition", axes);
            axis.Mirror("ParameterSet/ActualPosition", axes, v => Element(v, number));
            var drive = Make(robot.Object("PowerTrains"), "PowerTrainType", $"P{i + 1}");
            if (unit.Find("Motor.Temp") is not { } motors) continue;
            var motor = Make(drive.Node, "MotorType", "Motor").Nameplate("Servo motor", $"{unit.Unit.Code}-M{i + 1}").MirrorAnalog("ParameterSet/MotorTemperature", motors);
            motor.Mirror("ParameterSet/MotorTemperature", motors, v => Element(v, number));
        }
    }

    private static Variant Element(in Variant array, int index) => Variant.From(array.Boxed is double[] values && index < values.Length ? values[index] : 0);

    private static Instance Make(Node parent, string type, string name) => parent.Space.Instantiate(parent.Space.TypeId(CompanionSpecifications.Robotics, type), parent, name);
}
