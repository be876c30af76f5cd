using System.Globalization;
using FloorGateway.Cli;
using FloorGateway.Configuration.Loading;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using Spectre.Console;

namespace FloorGateway.Hosting;

/// <summary><c>floorgateway trace</c>: a part's way through the plant, both ways, from a genealogy's log.</summary>
public static class TraceCommand
{
    /// <summary>Runs the verb and gives its exit code.</summary>
    public static int Execute(TraceOptions options, TextWriter output, TextWriter error)
    {
        var started = TimeProvider.System.GetTimestamp();
        if (Find(options.Genealogy) is not { } file)
        {
            error.WriteLine($"floorgateway: there is no genealogy at '{options.Genealogy}'; name a genealogy-*.jsonl, or a folder with one (of a demo: the folder given with --data)");
            return ExitCodes.BadConfiguration;
        }

        Genealogy genealogy;
        try
        {
            using var log = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            genealogy = GenealogyFile.Read(log);
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"floorgateway: {file} can't be read as a genealogy: {fault.Message}");
            return ExitCodes.BadConfiguration;
        }

        using var _ = genealogy;
        var code = options.Code.Trim();
        if (!genealogy.Knows(code))
        {
            error.WriteLine($"floorgateway: {Missing(code, genealogy, file)}");
            return ExitCodes.BadConfiguration;
        }

        var console = Terminal.On(output);
        var text = new TraceText(genealogy, options.All);
        console.Write(text.MadeOf(code));
        console.Write(text.WentInto(code));
        foreach (var line in text.Stations(code)) console.WriteLine(line);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{genealogy.Count:N0} events of {Path.GetFileName(file)} in {seconds:0.0} s"));
        return ExitCodes.Ok;
    }

    private static string? Find(string path)
    {
        if (File.Exists(path)) return path;
        return Directory.Exists(path) ? GenealogyFile.Newest(path) : null;
    }

    /// <summary>What was looked for, what is wrong with it by itself, and what was most likely meant.</summary>
    private static string Missing(string code, Genealogy genealogy, string file)
    {
        var wrong = code.Length == 17 && !Vin.IsValid(code) ? $" ({VinProblem(code)})"
            : code.Length is > 20 and < 28 && !code.Contains('-', StringComparison.Ordinal) && BatteryCode.Problem(code) is { } problem ? $" ({problem.TrimEnd('.')})" : "";
        var near = Suggestion.For(code, genealogy.Parts.Where(p => Math.Abs(p.Length - code.Length) <= 2));
        return $"{file} knows no part '{code}'{wrong}; {(near is null ? "it knows VINs, battery codes, castings (GC-...), bodies, coils, rolls and lots of its run" : $"did you mean '{near}'?")}";
    }

    private static string VinProblem(string code) => Vin.CheckDigit(code) is var digit and not '?'
        ? $"as a VIN it would need the check digit {digit} in position 9"
        : "a VIN holds digits and capital letters without I, O and Q only";
}
