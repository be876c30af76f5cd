using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Validation;

/// <summary>Who may use the embedded broker.</summary>
internal static class BrokerChecks
{
    public static void Check(GatewayConfiguration configuration, Diagnostics errors)
    {
        if (configuration.Broker is not { } broker)
            return;
        if (!broker.Anonymous && !broker.Source.Has("users"))
            errors.Error(broker.Source.At, "nobody can log in to the broker", "add users: [{name: NAME, passwordEnv: VARIABLE}], or anonymous: true");
        foreach (var twice in broker.Users.GroupBy(u => u.Name).Where(g => g.Count() > 1))
            errors.Error(broker.Source["users"], $"user '{twice.Key}' is given {twice.Count()} times", "keep one of them");
    }
}
