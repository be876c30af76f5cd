using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class MethodServiceTests
{
    private readonly ServerHarness server = new ServerHarness().WithSession();
    private readonly ObjectNode machine;
    private readonly MethodNode method;
    private CallContext? seen;

    public MethodServiceTests()
    {
        machine = server.Space.Objects.AddObject("M1");
        method = machine.AddMethod(
            "Scale",
            (context, inputs) =>
            {
                seen = context;
                return inputs[0].AsDouble() < 0 ? (StatusCodes.BadOutOfRange, []) : (StatusCodes.Good, [Variant.From(inputs[0].AsDouble() * inputs[1].AsInt32())]);
            },
            [new MethodArgument("Value", BuiltInType.Double), new MethodArgument("Factor", BuiltInType.Int32)],
            [new MethodArgument("Result", BuiltInType.Double)]);
    }

    [Fact]
    public void A_call_gives_the_outputs()
    {
        var result = Call(machine.Id, method.Id, Variant.From(2.5), Variant.From(4));
        Assert.Equal(StatusCodes.Good, result.StatusCode.Value);
        Assert.Equal(10.0, Assert.Single(result.OutputArguments).AsDouble());
        Assert.Same(machine, seen!.Target);
        Assert.Null(seen.UserName);
    }

    [Fact]
    public void The_methods_own_refusal_is_passed_on()
    {
        var result = Call(machine.Id, method.Id, Variant.From(-1.0), Variant.From(4));
        Assert.Equal(StatusCodes.BadOutOfRange, result.StatusCode.Value);
        Assert.Empty(result.OutputArguments);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Assert.Equal(StatusCodes.BadArgumentsMissing, Call(machine.Id, method.Id, Variant.From(1.0)).StatusCode.Value);
        Assert.Equal(StatusCodes.BadTooManyArguments, Call(machine.Id, method.Id, Variant.From(1.0), Variant.From(1), Variant.From(1)).StatusCode.Value);
        var result = Call(machine.Id, method.Id, Variant.From(1.0), Variant.From("x"));
        Assert.Equal(StatusCodes.BadInvalidArgument, result.StatusCode.Value);
        Assert.Equal([StatusCodes.Good, StatusCodes.BadTypeMismatch], result.InputArgumentResults.Select(r => r.Value));
        Assert.Null(seen);
    }

    [Fact]
    public void Only_the_objects_own_methods_are_called()
    {
        Assert.Equal(StatusCodes.BadMethodInvalid, Call(server.Space.Objects.Id, method.Id, Variant.From(1.0), Variant.From(1)).StatusCode.Value);
        Assert.Equal(StatusCodes.BadMethodInvalid, Call(machine.Id, machine.Id).StatusCode.Value);
        Assert.Equal(StatusCodes.BadNodeIdUnknown, Call(new NodeId(2, "x"), method.Id).StatusCode.Value);
    }

    [Fact]
    public void The_types_declaration_stands_for_the_objects_method() =>
        Assert.Equal(StatusCodes.BadSubscriptionIdInvalid, Call(ObjectIds.Server, MethodIds.ServerType_GetMonitoredItems, Variant.From(1u)).StatusCode.Value);

    [Fact]
    public void A_method_may_be_switched_off()
    {
        method.Executable = false;
        Assert.Equal(StatusCodes.BadNotExecutable, Call(machine.Id, method.Id, Variant.From(1.0), Variant.From(1)).StatusCode.Value);
    }

    [Fact]
    public void A_failing_handler_is_an_internal_error()
    {
        var broken = machine.AddMethod("Broken", (_, _) => throw new InvalidOperationException("bug"));
        Assert.Equal(StatusCodes.BadInternalError, Call(machine.Id, broken.Id).StatusCode.Value);
    }

    private CallMethodResult Call(NodeId target, NodeId id, params Variant[] inputs) =>
        server.Call<CallResponse>(new CallRequest { MethodsToCall = [new CallMethodRequest { ObjectId = target, MethodId = id, InputArguments = inputs }] }).Results[0];
}
