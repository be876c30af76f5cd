using System.CommandLine;
using FloorGateway.Configuration;
using FloorGateway.Hosting;

namespace FloorGateway.Cli;

/// <summary><c>floorgateway cert</c> with its verbs.</summary>
internal static class CertificateVerbs
{
    private const string Which = "Thumbprint, or the beginning of one that no other certificate has, or a certificate's file.";

    public static Command Certificates() => new("cert", "Looks at certificates and says whom to trust. A running gateway heeds it at its next connection.")
    {
        Verb("list", "Every certificate of the store with the folder it lies in.", null, static (store, _, output, error) => store.List(output, error)),
        Verb("show", "One certificate, and what is wrong with it.", "What to show. " + Which, static (store, which, output, error) => store.Show(which, output, error)),
        Verb("trust", "Lets a peer in: moves its certificate from rejected to trusted, or copies a file there.", "Whom to trust. " + Which, static (store, which, output, error) => store.Trust(which, output, error)),
        Verb("reject", "Shuts a peer out: moves its certificate from trusted to rejected.", "Whom to reject. " + Which, static (store, which, output, error) => store.Reject(which, output, error)),
        Verb("renew", "Makes a new certificate of the gateway's own and keeps the old one beside it.", null, static (store, _, output, error) => store.Renew(output, error)),
    };

    private static Command Verb(string name, string description, string? argument, Func<CertificateCommand, string, TextWriter, TextWriter, int> run)
    {
        var pki = new Option<string?>("--pki") { Description = "Folder of the certificate store; data/pki without it.", HelpName = "DIR" };
        var config = new Option<string?>("--config") { Description = "The configuration file whose store is meant.", HelpName = "FILE" };
        var which = argument is null ? null : new Argument<string>("CERTIFICATE") { Description = argument };
        var verb = new Command(name, description) { pki, config };
        if (which is not null)
            verb.Add(which);
        verb.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return FindStore(parsed.GetValue(pki), parsed.GetValue(config), error) is { } folder
                ? run(new CertificateCommand(folder), which is null ? "" : parsed.GetRequiredValue(which), output, error)
                : ExitCodes.BadConfiguration;
        });
        return verb;
    }

    private static string? FindStore(string? pki, string? config, TextWriter error)
    {
        if (pki is not null && config is not null)
        {
            error.WriteLine("--pki and --config both name a certificate store; leave one out.");
            return null;
        }

        if (config is null)
            return Path.GetFullPath(pki ?? new BrowseOptions { Url = null! }.PkiFolder);
        var result = new ConfigurationLoader().Load(config);
        if (result.IsValid)
            return result.Configuration.Gateway.PkiFolder;
        CheckCommand.Report(result, config, error);
        return null;
    }
}
