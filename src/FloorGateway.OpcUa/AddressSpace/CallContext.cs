using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>Who writes or calls, as the node's owner sees it.</summary>
public sealed record CallContext
{
    public NodeId SessionId { get; init; }

    /// <summary>Null for anonymous users.</summary>
    public string? UserName { get; init; }

    /// <summary>The session's name as the client gave it.</summary>
    public string? SessionName { get; init; }

    /// <summary>The client application's URI, checked against its certificate on secured channels.</summary>
    public string? ClientApplicationUri { get; init; }

    /// <summary>For methods: the object (or type) the method was called on; for writes: the variable.</summary>
    public Node? Target { get; init; }
}

/// <summary>Runs a method. Inputs have been checked for count, type and rank; throw nothing: the status is the answer.</summary>
public delegate (StatusCode Status, Variant[] Outputs) MethodHandler(CallContext context, Variant[] inputs);

/// <summary>Accepts (Good: the server stores the value) or refuses a client's write. The type and rank have been checked.</summary>
public delegate StatusCode WriteHandler(CallContext context, DataValue value);

/// <summary>Gives a value that is computed when asked for, such as a clock.</summary>
public delegate DataValue ReadHandler();
