using FloorGateway.OpcUa.Types;

namespace Fuzz.Targets;

/// <summary>The targets by name. Each is made when asked for: some make keys and address spaces.</summary>
internal static class AllTargets
{
    private static readonly (string Name, Func<IFuzzTarget> Make)[] Table =
    [
        ("handshake", () => new HandshakeTarget()),
        ("open", () => new OpenTarget()),
        ("chunk-none", () => new ChunkTarget(MessageSecurityMode.None)),
        ("chunk-sign", () => new ChunkTarget(MessageSecurityMode.Sign)),
        ("chunk-encrypt", () => new ChunkTarget(MessageSecurityMode.SignAndEncrypt)),
        ("assembler", () => new AssemblerTarget()),
        ("message", () => new MessageTarget()),
        ("value", () => new ValueTarget()),
        ("structure", () => new StructureTarget()),
        ("data-change", () => new DataChangeTarget()),
        ("notification", () => new NotificationTarget()),
        ("text", () => new TextTarget()),
        ("certificate", () => new CertificateTarget()),
        ("revocation-list", () => new RevocationListTarget()),
        ("node-set", () => new NodeSetTarget()),
        ("server", () => new ServerTarget()),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Table.Select(t => t.Name)];

    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IFuzzTarget Make(string name) =>
        Table.FirstOrDefault(t => t.Name == name).Make?.Invoke() ?? throw new ArgumentException($"There is no target '{name}'. There are {string.Join(", ", Names)}.", nameof(name));
}
