namespace FloorGateway.OpcUa.Types;

/// <summary>URIs the base specification fixes.</summary>
public static class Namespaces
{
    /// <summary>Namespace 0.</summary>
    public const string OpcUa = "http://opcfoundation.org/UA/";
}
