using FloorGateway.Configuration.Loading;

namespace FloorGateway.Configuration.Validation;

/// <summary>A server's queue must hold what is sampled between two publishes, else the server drops values before the gateway sees them.</summary>
internal static class SamplingChecks
{
    public static void Check(GatewayConfiguration configuration, Diagnostics errors)
    {
        var servers = configuration.Servers.ToDictionary(s => s.Name);
        foreach (var tag in configuration.Tags.Where(t => t.Sampling > TimeSpan.Zero))
        {
            var publishing = servers[tag.Server].PublishingInterval;
            var needed = Math.Ceiling(publishing / tag.Sampling);
            if (tag.Queue < needed)
            {
                errors.Warn(
                    tag.Source.Has("queue") ? tag.Source["queue"] : tag.Source["sampling"],
                    $"signal '{tag.Signal}' is sampled every {Quantities.Format(tag.Sampling)} but its queue of {tag.Queue} is emptied every {Quantities.Format(publishing)} only: values will be lost at the server",
                    $"write queue: {needed * 2} (twice what one publish holds), or sample less often");
            }
        }
    }
}
