using Diesel.Reactive.Protocols.Http;
using Diesel.Reactive.Protocols.Redis;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Diesel.Reactive.Hosting;

/// <summary>Clients on the hub of a host, where the host's services find them.</summary>
/// <remarks>Their settings may stand in the configuration. One that is not known or not valid fails the start of the host with <see cref="FormatException"/>.</remarks>
public static class HubClients
{
    /// <summary>Adds an <see cref="HttpClient"/> by name, whose connections live on the host's hub; <see cref="IHttpClientFactory"/> gives it.</summary>
    /// <param name="services">The host's.</param>
    /// <param name="name">Of the client, and of its section in the configuration, <c>Diesel:Clients:NAME</c>: the properties of <see cref="HttpClientOptions"/> that are
    /// times, counts and switches.</param>
    /// <param name="configure">Sets its address and fields; null: nothing.</param>
    /// <param name="options">What the section's settings change; null for those of <see cref="DieselHttpHandler.Defaults"/> without cookies, as all who use the client would
    /// share them.</param>
    /// <returns>For further settings: handlers before this one, policies.</returns>
    /// <exception cref="ArgumentException">The name is empty or null.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IHttpClientBuilder AddDieselHttpClient(
        this IServiceCollection services, string name, Action<HttpClient>? configure = null, HttpClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return services.AddHttpClient(name, configure ?? (static _ => { })).UseDiesel(options);
    }

    /// <summary>Has the connections of a client live on the host's hub: <c>services.AddHttpClient&lt;GitHub&gt;().UseDiesel()</c>.</summary>
    /// <param name="builder">Of the client.</param>
    /// <param name="options">As of <see cref="AddDieselHttpClient"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <remarks>The handler is kept as long as the host: its connections end with the lifetime of their address, or by <see cref="HttpClientOptions.Lifetime"/>.</remarks>
    public static IHttpClientBuilder UseDiesel(this IHttpClientBuilder builder, HttpClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var start = options ?? DieselHttpHandler.Defaults with { Cookies = null };
        builder.Services.AddDiesel().AddSingleton(new StartCheck(provider => Read(provider)));
        return builder
            .ConfigurePrimaryHttpMessageHandler(provider => new DieselHttpHandler(Read(provider), provider.GetRequiredService<Hub>()))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);

        HttpClientOptions Read(IServiceProvider provider) =>
            Settings.HttpClient(start, provider.GetService<IConfiguration>()?.GetSection($"Diesel:Clients:{builder.Name}"));
    }

    /// <summary>Adds a <see cref="RedisClient"/> on the host's hub. Adding another changes nothing.</summary>
    /// <param name="services">The host's.</param>
    /// <param name="connectionString">See <see cref="RedisConnectionString"/>; <c>Diesel:Redis</c> in the configuration takes its place.</param>
    /// <param name="options">What the string does not say; null for the defaults.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="connectionString"/> is null.</exception>
    /// <remarks>It ends with the host. A string that is none fails the start.</remarks>
    public static IServiceCollection AddRedisClient(this IServiceCollection services, string connectionString = "redis://localhost", RedisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(connectionString);
        services.AddDiesel().TryAddSingleton(provider => Make(provider));
        return services.AddSingleton(new StartCheck(static provider => provider.GetRequiredService<RedisClient>()));

        RedisClient Make(IServiceProvider provider)
        {
            var text = provider.GetService<IConfiguration>()?["Diesel:Redis"] ?? connectionString;
            try
            {
                return new RedisClient(text, options, provider.GetRequiredService<Hub>());
            }
            catch (ArgumentException error)
            {
                throw new FormatException($"Diesel:Redis is '{text}': {error.Message}", error);
            }
        }
    }

    /// <summary>Adds a cache in Redis as <see cref="IDistributedCache"/> and <see cref="IBufferDistributedCache"/>: sessions, output and hybrid caching take it.</summary>
    /// <param name="services">The host's; <see cref="AddRedisClient"/> says which Redis.</param>
    /// <param name="prefix">Before each key; may be empty.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <remarks>Entries lie as <c>Microsoft.Extensions.Caching.StackExchangeRedis</c> lays them, so programs of both kinds may share them.</remarks>
    public static IServiceCollection AddRedisDistributedCache(this IServiceCollection services, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(prefix);
        services.AddDiesel();
        services.TryAddSingleton(provider => new RedisDistributedCache(provider.GetRequiredService<RedisClient>(), prefix));
        services.AddSingleton<IDistributedCache>(static provider => provider.GetRequiredService<RedisDistributedCache>());
        return services.AddSingleton<IBufferDistributedCache>(static provider => provider.GetRequiredService<RedisDistributedCache>());
    }
}
