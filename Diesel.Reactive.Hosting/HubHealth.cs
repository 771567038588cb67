using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Diesel.Reactive.Hosting;

/// <summary>Whether a host's hub takes turns and its services run.</summary>
public static class HubHealth
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Adds a check that is healthy while the services run and the hub takes a turn within 2 s of being asked.</summary>
    /// <param name="builder">As <c>AddHealthChecks()</c> gives it.</param>
    /// <param name="name">Of the check; default <c>diesel</c>.</param>
    /// <param name="failure">What it tells when it is not healthy; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">For who filters checks.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <remarks>Its data are <c>connections</c>, <c>queued</c> and <c>longestTurnMilliseconds</c>. A host that stops is not healthy, so that no more is sent to it.</remarks>
    public static IHealthChecksBuilder AddDiesel(
        this IHealthChecksBuilder builder, string name = "diesel", HealthStatus? failure = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddDiesel();
        return builder.Add(new HealthCheckRegistration(
            name, static provider => new Check(provider.GetRequiredService<Hub>(), provider.GetRequiredService<HubHost>()), failure, tags));
    }

    private sealed class Check(Hub hub, HubHost host) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            if (!host.IsRunning)
            {
                return No("Its services do not run.");
            }

            try
            {
                var snapshot = await hub.Snapshot(most: 1).AsTask().WaitAsync(Patience, cancellationToken);
                return HealthCheckResult.Healthy(data: new Dictionary<string, object>
                {
                    ["connections"] = snapshot.ConnectionCount,
                    ["queued"] = snapshot.Queued,
                    ["longestTurnMilliseconds"] = snapshot.LongestTurn?.TotalMilliseconds ?? 0,
                });
            }
            catch (TimeoutException)
            {
                return No($"The hub took no turn for {Patience.TotalSeconds} s: something blocks its thread.");
            }
            catch (ObjectDisposedException)
            {
                return No("The hub has ended.");
            }

            HealthCheckResult No(string why) => new(context.Registration.FailureStatus, why);
        }
    }
}
