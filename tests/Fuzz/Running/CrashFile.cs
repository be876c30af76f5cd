namespace Fuzz.Running;

/// <summary>Writes inputs that show a defect, with a text beside each that says what it did and how to see it again.</summary>
internal static class CrashFile
{
    /// <summary>The defect with the path it was written to, or as it is when nothing is to be written.</summary>
    public static Defect Write(FuzzOptions options, Defect defect)
    {
        if (options.CrashFolder is null)
            return defect;
        Directory.CreateDirectory(options.CrashFolder);
        var path = Path.Combine(options.CrashFolder, $"{defect.Target}-{options.Seed}-{defect.Case}.bin");
        File.WriteAllBytes(path, defect.Input);
        File.WriteAllText(path + ".txt", $"""
            {defect.Target}, seed {options.Seed}, case {defect.Case}, {defect.Input.Length} bytes

            {defect.Text}

            Again:  dotnet run -c Release --project tests/Fuzz -- --target {defect.Target} --replay {path}
            Once mended, keep it:  mv {path} tests/Fuzz/corpus/{defect.Target}/

            """);
        return defect with { Path = path };
    }
}
