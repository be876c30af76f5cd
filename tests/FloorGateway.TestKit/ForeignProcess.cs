using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace FloorGateway.TestKit;

/// <summary>A foreign program started by a test and stopped by it, with everything it printed.</summary>
public sealed class ForeignProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly Lock gate = new();
    private readonly List<(Func<string, bool> Match, TaskCompletionSource<string> Seen)> waiters = [];

    private ForeignProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, e) => OnLine(e.Data);
        process.ErrorDataReceived += (_, e) => OnLine(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>Standard output and error so far, line by line.</summary>
    public string Output
    {
        get
        {
            lock (gate)
                return output.ToString();
        }
    }

    public static ForeignProcess Start(string file, IEnumerable<string> arguments, string? workingDirectory = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo(file)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        return new ForeignProcess(Process.Start(info) ?? throw new InvalidOperationException($"{file} did not start"));
    }

    /// <summary>Sends a line to the program's standard input.</summary>
    public Task WriteLineAsync(string line)
    {
        process.StandardInput.AutoFlush = true;
        return process.StandardInput.WriteLineAsync(line);
    }

    /// <summary>Waits for a line that holds <paramref name="text"/>, also one printed before the call.</summary>
    /// <exception cref="TimeoutException">With all that was printed.</exception>
    public async Task<string> WaitForLineAsync(string text, TimeSpan? timeout = null)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            foreach (var line in output.ToString().Split('\n'))
            {
                if (line.Contains(text, StringComparison.Ordinal))
                    return line;
            }

            waiters.Add((line => line.Contains(text, StringComparison.Ordinal), seen));
        }

        await Task.WhenAny(seen.Task, process.WaitForExitAsync(), Task.Delay(timeout ?? TimeSpan.FromSeconds(60)));
        if (seen.Task.IsCompleted)
            return await seen.Task;
        throw new TimeoutException($"{process.StartInfo.FileName} did not print '{text}'{(process.HasExited ? $" and ended with {process.ExitCode}" : "")}. It printed:\n{Output}");
    }

    /// <summary>Waits until something listens on a loopback port.</summary>
    public async Task WaitForPortAsync(int port, TimeSpan? timeout = null)
    {
        var deadline = Stopwatch.StartNew();
        while (deadline.Elapsed < (timeout ?? TimeSpan.FromSeconds(60)))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{process.StartInfo.FileName} ended with {process.ExitCode}. It printed:\n{Output}");
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        throw new TimeoutException($"Nothing listens on port {port}. {process.StartInfo.FileName} printed:\n{Output}");
    }

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? TimeSpan.FromSeconds(120));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{process.StartInfo.FileName} did not end. It printed:\n{Output}");
        }

        return process.ExitCode;
    }

    /// <summary>SIGKILL: as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: as a service manager would.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private void OnLine(string? line)
    {
        if (line is null)
            return;
        lock (gate)
        {
            output.Append(line).Append('\n');
            foreach (var (match, seen) in waiters)
            {
                if (match(line))
                    seen.TrySetResult(line);
            }
        }
    }
}
