using Spectre.Console;

namespace FloorGateway.Hosting;

/// <summary>Tables and colours on a writer: in colour where it is a terminal, plain where it is a file or a pipe.</summary>
internal static class Terminal
{
    // A pipe tells no width; tables must not be cut there.
    private const int PlainWidth = 140;

    public static IAnsiConsole On(TextWriter output)
    {
        var isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = PlainWidth;
        return console;
    }
}
