using System.Globalization;
using FloorGateway.Model.Ledger;
using Spectre.Console;

namespace FloorGateway.Hosting;

/// <summary>The ledger as tables in the terminal.</summary>
internal static class LedgerText
{
    public static async Task WriteAsync(TextWriter output, LedgerSnapshot ledger, IReadOnlyList<TagLedger>? tags = null)
    {
        var console = Terminal.On(output);
        var servers = NewTable("Ledger: received", "server", "received", "= deadband", "+ duplicates", "+ journaled", "difference", "gaps");
        foreach (var s in ledger.Servers)
            servers.AddRow(Markup.Escape(s.Server), Number(s.Received), Number(s.SuppressedDeadband), Number(s.SuppressedDuplicate), Number(s.Journaled), Difference(s.Difference), Number(s.Gaps));
        console.Write(servers);
        var feeds = NewTable("Ledger: delivered", "feed", "journaled", "= delivered", "+ refused", "+ withheld", "+ waiting", "+ expired", "difference", "state");
        foreach (var f in ledger.Feeds)
            feeds.AddRow(Markup.Escape(f.Feed), Number(f.Journaled), Number(f.Delivered), Number(f.Refused), Number(f.Withheld), Number(f.Waiting), Number(f.Expired), Difference(f.Difference), Markup.Escape(f.LastError ?? f.State));
        console.Write(feeds);
        if (tags is not null)
        {
            var table = NewTable("Ledger: tags", "tag", "server", "received", "= suppressed", "+ journaled", "not good");
            foreach (var t in tags)
                table.AddRow(Markup.Escape(t.Tag), Markup.Escape(t.Server), Number(t.Received), Number(t.Suppressed), Number(t.Journaled), Number(t.NotGood));
            console.Write(table);
        }

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
            table.AddColumn(i == 0 || columns[i] is "state" or "server" ? column : column.RightAligned());
        }

        return table;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Difference(long value) => value == 0 ? "0" : $"[red]{Number(value)}[/]";
}
