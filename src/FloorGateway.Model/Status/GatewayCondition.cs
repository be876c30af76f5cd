namespace FloorGateway.Model.Status;

/// <summary>Something that the gateway itself has noticed about what a server sends, and that lasts until it is over (an alarm of ISA-18.2 in its active state).</summary>
/// <param name="Name">What kind of thing: <c>ClockSkew</c>, <c>Flapping</c>, <c>UnitMismatch</c>, <c>UnitMissing</c>, <c>LedgerOpen</c>.</param>
/// <param name="Priority">1 (most urgent) to 4 (only to be looked up).</param>
/// <param name="Source">The tag's path, or the server's name where it is about all of it.</param>
/// <param name="Server">The server's name in the configuration.</param>
/// <param name="Since">When it began.</param>
/// <param name="Message">What it is and what to do, in one or two sentences.</param>
public sealed record GatewayCondition(string Name, int Priority, string Source, string Server, DateTimeOffset Since, string Message);
