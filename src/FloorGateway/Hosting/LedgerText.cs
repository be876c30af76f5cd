using System.Globalization;
using FloorGateway.Model.Ledger;
using Spectre.Console;

namespace FloorGateway.Hosting;

/// <summary>The ledger as tables in the terminal.</summary>
internal static class LedgerText
{
    public static async Task WriteAsync(TextWriter output, LedgerSnapshot ledger)
    {
        var console = Terminal.On(output);
        var servers = NewTable("Ledger: received", "server", "received", "= deadband", "+ duplicates", "+ journaled", "difference", "gaps");
        foreach (var s in ledger.Servers)
            servers.AddRow(Markup.Escape(s.Server), Number(s.Received), Number(s.SuppressedDeadband), Number(s.SuppressedDuplicate), Number(s.Journaled), Difference(s.Difference), Number(s.Gaps));
        console.Write(servers);
        var feeds = NewTable("Ledger: delivered", "feed", "journaled", "= delivered", "+ refused", "+ waiting", "+ expired", "difference", "state");
        foreach (var f in ledger.Feeds)
            feeds.AddRow(Markup.Escape(f.Feed), Number(f.Journaled), Number(f.Delivered), Number(f.Refused), Number(f.Waiting), Number(f.Expired), Difference(f.Difference), Markup.Escape(f.LastError ?? f.State));
        console.Write(feeds);
        foreach (var difference in ledger.Differences)
            console.MarkupLine($"[red]does not close: {Markup.Escape(difference)}[/]");
        console.MarkupLine(ledger.Closes ? "[green]The sums close.[/]" : "[red]The sums do not close.[/]");
        await output.FlushAsync();
    }

    private static Table NewTable(string title, params string[] columns)
    {
        var table = new Table().Title(title).Border(TableBorder.Rounded);
        for (var i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(columns[i]);
            table.AddColumn(i == 0 || columns[i] == "state" ? column : column.RightAligned());
        }

        return table;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Difference(long value) => value == 0 ? "0" : $"[red]{Number(value)}[/]";
}
