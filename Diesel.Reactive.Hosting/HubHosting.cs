using System.Net;
using System.Reactive.Linq;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Diesel.Reactive.Hosting;

/// <summary>Puts a hub and its services into a host.</summary>
/// <remarks>Services start with the host and drain when it stops. What the hub logs is written to the host's loggers, under <c>Diesel.Reactive</c>.
/// Idea: the .NET host's own hosted services.</remarks>
public static class HubHosting
{
    /// <summary>Adds a hub of the host's own, as <see cref="Hub"/>; it ends with the host. Adding it again changes nothing.</summary>
    /// <param name="services">The host's.</param>
    /// <param name="options">The hub's; null for those of the configuration's section <c>Diesel:Hub</c> (Name, Portable, SlowTurn, Spin), or the defaults.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddDiesel(this IServiceCollection services, HubOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => new Hub(
            options ?? Settings.Hub(new HubOptions(), provider.GetService<IConfiguration>()?.GetSection("Diesel:Hub"))));
        services.TryAddSingleton<HubHost>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HubHost>(static provider => provider.GetRequiredService<HubHost>()));
        return services;
    }

    /// <summary>Adds a service whose handler gives replies, and a hub if there is none.</summary>
    /// <param name="services">The host's.</param>
    /// <param name="name">Of its section in the configuration, <c>Diesel:Services:NAME</c>, and its key: the host's provider gives the <see cref="TcpService"/> of this
    /// key.</param>
    /// <param name="port">TCP, of all IPv4 addresses; the section's <c>EndPoint</c> (<c>4321</c>, <c>127.0.0.1:4321</c>, <c>[::1]:4321</c>, <c>unix:/run/x.sock</c>)
    /// takes its place.</param>
    /// <param name="handler">As that of <see cref="TcpService"/>.</param>
    /// <param name="options">What the section's settings change; null for the defaults.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="ArgumentException">The name is empty or null.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="handler"/> is null.</exception>
    /// <remarks>A setting that is not known or not valid fails the start of the host with <see cref="FormatException"/>; a port that is taken with
    /// <see cref="ConnectionException"/>.</remarks>
    public static IServiceCollection AddTcpService(
        this IServiceCollection services, string name, int port, Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler, TcpServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return services.Add(name, (place, hub, _) => new(place.EndPoint, handler, place.Options, hub), port, options);
    }

    /// <inheritdoc cref="AddTcpService(IServiceCollection, string, int, Func{Connection, IObservable{ReadOnlyMemory{byte}}}, TcpServiceOptions?)"/>
    /// <summary>Adds a service whose handler is a conversation, and a hub if there is none.</summary>
    public static IServiceCollection AddTcpService(
        this IServiceCollection services, string name, int port, Func<Connection, Task> handler, TcpServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return services.Add(name, (place, hub, _) => new(place.EndPoint, handler, place.Options, hub), port, options);
    }

    /// <summary>Adds a service whose handler gives replies with the help of the host's services, and a hub if there is none.</summary>
    /// <param name="services">The host's.</param>
    /// <param name="name">As of the others.</param>
    /// <param name="port">As of the others.</param>
    /// <param name="handler">Gets a scope of its own for each connection, which ends with the replies.</param>
    /// <param name="options">As of the others.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="ArgumentException">The name is empty or null.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="handler"/> is null.</exception>
    /// <remarks>As of the others.</remarks>
    public static IServiceCollection AddTcpService(
        this IServiceCollection services,
        string name,
        int port,
        Func<IServiceProvider, Connection, IObservable<ReadOnlyMemory<byte>>> handler,
        TcpServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return services.Add(name, (place, hub, scopes) => new(place.EndPoint, Replies(scopes), place.Options, hub), port, options);

        Func<Connection, IObservable<ReadOnlyMemory<byte>>> Replies(IServiceScopeFactory scopes) => connection =>
            Observable.Using(scopes.CreateScope, scope => handler(scope.ServiceProvider, connection));
    }

    /// <inheritdoc cref="AddTcpService(IServiceCollection, string, int, Func{IServiceProvider, Connection, IObservable{ReadOnlyMemory{byte}}}, TcpServiceOptions?)"/>
    /// <summary>Adds a service whose handler is a conversation with the help of the host's services, and a hub if there is none.</summary>
    public static IServiceCollection AddTcpService(
        this IServiceCollection services, string name, int port, Func<IServiceProvider, Connection, Task> handler, TcpServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return services.Add(name, (place, hub, scopes) => new(place.EndPoint, Conversation(scopes), place.Options, hub), port, options);

        Func<Connection, Task> Conversation(IServiceScopeFactory scopes) => async connection =>
        {
            await using var scope = scopes.CreateAsyncScope();
            await handler(scope.ServiceProvider, connection);
        };
    }

    /// <summary>Adds any other service (HTTP, datagrams, a protocol's), and a hub if there is none.</summary>
    /// <param name="services">The host's.</param>
    /// <param name="make">Makes it, not started yet; on the hub that the provider has as <see cref="Hub"/>.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IServiceCollection AddHubService(this IServiceCollection services, Func<IServiceProvider, IService> make)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(make);
        return services.AddDiesel().AddSingleton(make);
    }

    private static IServiceCollection Add(
        this IServiceCollection services, string name, Func<ServicePlace, Hub, IServiceScopeFactory, TcpService> make, int port, TcpServiceOptions? options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        services.AddKeyedSingleton(name, (provider, _) => make(
            Settings.Service(new(new IPEndPoint(IPAddress.Any, port), options ?? new()), provider.GetService<IConfiguration>()?.GetSection($"Diesel:Services:{name}")),
            provider.GetRequiredService<Hub>(),
            provider.GetRequiredService<IServiceScopeFactory>()));
        return services.AddHubService(provider => provider.GetRequiredKeyedService<TcpService>(name));
    }
}
