using System.Diagnostics;
using Benchmarks.OpcUa;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace Benchmarks.Chain;

/// <summary>
/// The equipment: an OPC UA server whose variables <c>ns=2;s=V00000…</c> change in turn, a slice each cycle as a controller
/// would, every change with a source time of its variable's own. Each change is reported. Prints READY; ends with <c>stop</c>.
/// </summary>
internal static class LoadSource
{
    public const string Namespace = "http://example.com/UA/Load/";

    /// <summary>A fast controller's cycle, milliseconds.</summary>
    public const int FastCycle = 10;

    public static string NameOf(int variable) => $"V{variable:D5}";

    public static async Task<int> RunAsync(int port, int count, double rate, int cycle, SecurityPolicy policy)
    {
        using var folder = new TempDirectory();
        using var peer = new UaPeer("load", folder.Path);
        var space = new Space(peer.Uri);
        space.AddNamespace(Namespace);
        var variables = Enumerable.Range(0, count).Select(i => space.Objects.AddVariable(NameOf(i), BuiltInType.Double, value: Variant.From(0.0))).ToArray();
        await using var server = await UaServer.StartAsync(
            new UaServerOptions
            {
                ApplicationName = "load",
                ApplicationUri = peer.Uri,
                Port = port,
                HostName = "127.0.0.1",
                Certificate = peer.Certificate,
                CertificateValidator = new CertificateValidator(peer.Trust, UaPeer.Rules),
                Security = [new EndpointSecurity(policy, policy.IsNone ? MessageSecurityMode.None : MessageSecurityMode.SignAndEncrypt)],
            },
            space);
        Console.WriteLine("READY");
        using var stopping = new CancellationTokenSource();
        long changes = 0;
        var changing = new Thread(() => changes = Change(variables, rate, cycle, stopping.Token)) { Name = "Changes" };
        changing.Start();
        while (await Console.In.ReadLineAsync() is { } line && line != "stop")
        {
        }

        await stopping.CancelAsync();
        changing.Join();
        Console.WriteLine($"DONE {changes}");
        return 0;
    }

    // On a thread of its own: a timer would wake two more threads each cycle, and they would count as the server's cost.
    private static long Change(VariableNode[] variables, double rate, int cycle, CancellationToken cancel)
    {
        // Cheap to make, for what it costs counts as the server's: xorshift, and a resolution of 0.01.
        var random = 4711u;
        var hundredths = variables.Select((_, i) => i * 37 % 10_000).ToArray();
        long changes = 0;
        var next = 0;
        var lastTime = 0L;
        var clock = Stopwatch.StartNew();
        while (!cancel.IsCancellationRequested)
        {
            Thread.Sleep(cycle);
            var due = (long)(clock.Elapsed.TotalSeconds * rate);
            while (changes < due)
            {
                // One time for all that changes in this cycle, in whole milliseconds so that it is exact in JavaScript; no variable comes twice with it.
                var now = DateTime.UtcNow.Ticks;
                lastTime = Math.Max(now - (now % TimeSpan.TicksPerMillisecond), lastTime + TimeSpan.TicksPerMillisecond);
                for (var slice = Math.Min(due - changes, variables.Length); slice > 0; slice--)
                {
                    // A sensor of limited resolution that drifts, half a unit up or down at most.
                    random ^= random << 13;
                    random ^= random >> 17;
                    random ^= random << 5;
                    hundredths[next] += (int)(random & 127) - 64;
                    variables[next].SetValue(Variant.From(hundredths[next] / 100.0), StatusCodes.Good, lastTime, now);
                    if (++next == variables.Length)
                        next = 0;
                    changes++;
                }
            }
        }

        return changes;
    }
}
