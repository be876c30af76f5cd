using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FloorGateway.Configuration;
using FloorGateway.Configuration.Loading;
using FloorGateway.Hosting;

namespace FloorGateway.Cli;

/// <summary>The verbs with their options; each one's work is elsewhere.</summary>
internal static class Verbs
{
    public static Command Demo()
    {
        var standard = new DemoOptions();
        var length = new Option<TimeSpan?>("--for") { Description = "Ends by itself after this time, e.g. 60s.", HelpName = "TIME", CustomParser = Duration };
        var data = new Option<string?>("--data") { Description = "Folder for journal, history and certificates; without it a temporary one, gone afterwards.", HelpName = "DIR" };
        var http = Port("--http", "Port of the pages.", standard.HttpPort);
        var mqtt = Port("--mqtt", "Port of the embedded MQTT broker.", standard.MqttPort);
        var opcua = Port("--opcua", "Port of the first simulated OPC UA server; the others follow it.", standard.OpcUaPort);
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same plant.", HelpName = "N", DefaultValueFactory = _ => standard.Seed };
        var scale = new Option<double>("--time-scale") { Description = "Process time runs N times as fast as the clock (1 to 600).", HelpName = "N", DefaultValueFactory = _ => standard.TimeScale, CustomParser = Scale };
        var faults = new Option<string?>("--faults") { Description = "Fault script (YAML) for the simulated equipment.", HelpName = "FILE" };
        var verb = new Command("demo", "Runs the whole chain with simulated equipment. Needs no configuration and no other program.") { length, data, http, mqtt, opcua, seed, scale, faults };
        verb.SetAction((parsed, cancel) => DemoCommand.ExecuteAsync(
            new DemoOptions
            {
                For = parsed.GetValue(length),
                DataFolder = parsed.GetValue(data),
                HttpPort = parsed.GetValue(http),
                MqttPort = parsed.GetValue(mqtt),
                OpcUaPort = parsed.GetValue(opcua),
                Seed = parsed.GetValue(seed),
                TimeScale = parsed.GetValue(scale),
                FaultScript = parsed.GetValue(faults),
            },
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancel));
        return verb;
    }

    public static Command Run()
    {
        var config = Config();
        var verb = new Command("run", "Runs the gateway until it is stopped (Ctrl-C or SIGTERM).") { config };
        verb.SetAction((parsed, cancel) => RunCommand.ExecuteAsync(
            new RunOptions(parsed.GetRequiredValue(config)), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancel));
        return verb;
    }

    public static Command Check()
    {
        var config = Config();
        var verb = new Command("check", "Reads a configuration, tells everything that is wrong with it, and starts nothing.") { config };
        verb.SetAction(parsed => CheckCommand.Execute(
            new CheckOptions(parsed.GetRequiredValue(config)), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return verb;
    }

    public static Command Browse()
    {
        var standard = new BrowseOptions { Url = null! };
        var url = new Argument<Uri>("URL") { Description = "The server's endpoint, e.g. opc.tcp://192.0.2.10:4840.", CustomParser = Endpoint };
        var file = new Option<string?>("--out") { Description = "Writes the configuration to this file instead of the terminal.", HelpName = "FILE" };
        var policy = new Option<SecurityPolicyChoice>("--policy") { Description = "Security policy.", DefaultValueFactory = _ => standard.Policy };
        var mode = new Option<SecurityModeChoice?>("--mode") { Description = "Message security; SignAndEncrypt unless the policy is None." };
        var user = new Option<string?>("--user") { Description = "User name; without it the gateway logs in as anonymous.", HelpName = "NAME" };
        var password = new Option<string?>("--password-env") { Description = "Environment variable that holds the user's password.", HelpName = "VARIABLE" };
        var under = new Option<string?>("--under") { Description = "Node below which to browse; the Objects folder without it.", HelpName = "NODE" };
        var max = new Option<int>("--max") { Description = "Stops after this many variables.", HelpName = "N", DefaultValueFactory = _ => standard.Max };
        var data = new Option<string>("--data") { Description = "Data folder of the configuration; its pki folder holds the certificates.", HelpName = "DIR", DefaultValueFactory = _ => standard.DataFolder };
        var http = Port("--http", "Port of the pages in the configuration.", standard.HttpPort);
        var accept = new Option<bool>("--auto-accept") { Description = "Trusts the certificate that the server shows, for this once." };
        var verb = new Command("browse", "Looks at a server and writes a configuration with all its variables, ready for 'check' and 'run'.") { url, file, policy, mode, user, password, under, max, data, http, accept };
        verb.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var variable = parsed.GetValue(password);
            var secret = variable is null ? null : Environment.GetEnvironmentVariable(variable);
            var options = new BrowseOptions
            {
                Url = parsed.GetRequiredValue(url),
                OutputFile = parsed.GetValue(file),
                Policy = parsed.GetValue(policy),
                Mode = parsed.GetValue(mode) ?? (parsed.GetValue(policy) == SecurityPolicyChoice.None ? SecurityModeChoice.None : SecurityModeChoice.SignAndEncrypt),
                User = parsed.GetValue(user),
                PasswordEnv = variable,
                Password = string.IsNullOrEmpty(secret) ? null : new Secret($"environment variable {variable}", secret),
                Under = parsed.GetValue(under),
                Max = parsed.GetValue(max),
                DataFolder = parsed.GetValue(data)!,
                HttpPort = parsed.GetValue(http),
                AutoAccept = parsed.GetValue(accept),
            };
            if (options.Problem() is not { } problem)
                return await BrowseCommand.ExecuteAsync(options, output, error, cancel);
            await error.WriteLineAsync(problem.AsMemory(), cancel);
            return ExitCodes.BadConfiguration;
        });
        return verb;
    }

    private static Option<string> Config() => new("--config") { Description = "The configuration file.", HelpName = "FILE", Required = true };

    private static Option<int> Port(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = description + " 0 = any free one.", HelpName = "PORT", DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65535)
                result.AddError($"{name} must lie between 0 and 65535.");
        });
        return option;
    }

    internal static TimeSpan? Duration(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Quantities.TryDuration(text, out var value) && value > TimeSpan.Zero)
            return value;
        result.AddError($"'{text}' is not a duration; write a number with its unit: 500ms, 60s, 5m or 2h.");
        return null;
    }

    internal static DateTime? Instant(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value))
            return value;
        result.AddError($"'{text}' is not a time; write it as 2027-03-15T00:00.");
        return null;
    }

    internal static double Scale(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 600)
            return value;
        result.AddError($"'{text}' is not a time scale; write a number from 1 to 600.");
        return 1;
    }

    internal static Uri? Endpoint(ArgumentResult result)
    {
        var errors = new Diagnostics();
        var url = UrlText.Parse(result.Tokens[0].Value, default, "opc.tcp://192.0.2.10:4840", errors, "opc.tcp");
        foreach (var error in errors.Errors)
            result.AddError($"{error.Message}; {error.Remedy}.");
        return url;
    }
}
