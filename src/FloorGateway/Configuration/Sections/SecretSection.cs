using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Sections;

/// <summary>Secrets never stand in the file: <c>passwordEnv</c> names an environment variable, <c>passwordFile</c> a file.</summary>
internal static class SecretSection
{
    public static readonly Section User = new("user", "name", "passwordEnv", "passwordFile") { Instead = Section.NoInlineSecret("password") };

    /// <summary>The user of a section; null where none is written.</summary>
    public static UserSettings? ReadUser(MapReader reader, LoadingContext context) =>
        reader.Map("user", User) is { } user ? new UserSettings(user.RequiredText("name", "gateway"), Read(user, "password", context)) : null;

    /// <summary>The secret under <c>{word}Env</c> or <c>{word}File</c>; null where neither is written, or where it can't be read (which is then an error).</summary>
    public static Secret? Read(MapReader reader, string word, LoadingContext context)
    {
        var variableKey = word + "Env";
        var fileKey = word + "File";
        if (reader.Text(variableKey) is { } variable)
        {
            if (reader.Node(fileKey) is not null)
                context.Errors.Error(reader.Source[fileKey], $"both '{variableKey}' and '{fileKey}' are given", "keep one of the two");
            if (context.Environment(variable) is { Length: > 0 } value)
                return new Secret($"environment variable {variable}", value);
            context.Errors.Error(reader.Source[variableKey], $"environment variable {variable} is not set", $"set it before the gateway starts (export {variable}=..., or the service's EnvironmentFile)");
            return null;
        }

        if (context.ExistingFile(reader, fileKey) is not { } path || !context.Files.Exists(path))
            return null;
        try
        {
            // An editor's last line end is not part of the secret.
            var text = context.Files.ReadText(path).TrimEnd('\r', '\n');
            if (text.Length > 0)
                return new Secret($"file {path}", text);
            context.Errors.Error(reader.Source[fileKey], $"file {path} is empty", $"write the {word} into it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Errors.Error(reader.Source[fileKey], $"file {path} can't be read: {e.Message}", "give the gateway's user the right to read it");
        }

        return null;
    }
}
