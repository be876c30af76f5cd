using System.Globalization;

namespace Torture;

/// <summary>
/// The wall clock as the gateway sees it, set through a file that libfaketime (Debian's package faketime) reads once a second. Only the wall clock steps: a
/// machine's monotonic clock never does.
/// </summary>
internal sealed class GatewayClock
{
    private readonly string file;

    private GatewayClock(string file, string library)
    {
        this.file = file;
        Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library,
            ["FAKETIME_TIMESTAMP_FILE"] = file,
            ["FAKETIME_CACHE_DURATION"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            // Otherwise it takes the runtime's waits by the monotonic clock for waits by the wall clock: they end at once, and timers spin.
            ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
            ["NO_FAKE_STAT"] = "1",
        };
        Set(TimeSpan.Zero);
    }

    /// <summary>How long until a step has surely been taken.</summary>
    public static TimeSpan Lag { get; } = TimeSpan.FromSeconds(1.2);

    /// <summary>What the gateway is to be started with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Null where libfaketime is not installed.</summary>
    public static GatewayClock? TryMake(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        foreach (var below in Directory.Exists("/usr/lib") ? Directory.GetDirectories("/usr/lib", "*-linux-*") : [])
        {
            if (Path.Combine(below, "faketime", "libfaketimeMT.so.1") is var library && File.Exists(library))
                return new GatewayClock(Path.Combine(folder, "gateway.clock"), library);
        }

        return null;
    }

    /// <summary>Steps the clock to so much ahead of the machine's.</summary>
    public void Set(TimeSpan ahead)
    {
        // Renamed into place: a half-written file is no time.
        File.WriteAllText(file + ".new", string.Create(CultureInfo.InvariantCulture, $"{(ahead < TimeSpan.Zero ? "" : "+")}{ahead.TotalSeconds:0.0}\n"));
        File.Move(file + ".new", file, overwrite: true);
    }
}
