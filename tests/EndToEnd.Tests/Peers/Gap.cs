namespace EndToEnd.Tests.Peers;

/// <summary>A gap record as a store gives it.</summary>
internal sealed record Gap(DateTimeOffset From, DateTimeOffset To, string Cause);
