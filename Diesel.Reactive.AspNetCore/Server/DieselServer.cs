using Diesel.Reactive.Protocols.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Serves an ASP.NET Core application over HTTP/1.1 on a hub.</summary>
/// <remarks>Made by <see cref="HubWebHosting.UseDiesel"/>; addresses come from there, from <c>Urls</c>, and from <c>Kestrel:Endpoints</c> of the configuration.</remarks>
public sealed class DieselServer : IServer
{
    private const string DefaultAddress = "http://localhost:5000";
    private const double PartOfStop = 0.8;

    private readonly DieselServerOptions _options;
    private readonly IConfiguration? _configuration;
    private readonly ILogger _logger;
    private readonly bool _reusesRequests;
    private readonly TimeSpan? _drain;
    private readonly ServerAddresses _addresses = new();
    private readonly List<HttpService> _services = [];

    /// <summary>Makes a server.</summary>
    /// <param name="options">Hub, bounds, endpoints.</param>
    /// <param name="loggers">What handlers throw is told there.</param>
    /// <param name="configuration">The host's; null: none.</param>
    /// <param name="environment">The host's, for <see cref="DieselServerOptions.ReusesRequests"/>; null: production.</param>
    /// <param name="host">How long it may take to stop: what is still under way after four fifths of that is aborted, so that applications are told in time. Null, or
    /// <see cref="DieselServerOptions.Http"/> is given: after its <c>DrainTimeout</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or <paramref name="loggers"/> is null.</exception>
    public DieselServer(
        DieselServerOptions options, ILoggerFactory loggers, IConfiguration? configuration = null, IHostEnvironment? environment = null,
        IOptions<HostOptions>? host = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        (_options, _configuration, _logger) = (options, configuration, loggers.CreateLogger<DieselServer>());
        _drain = host?.Value.ShutdownTimeout is { Ticks: > 0 } time ? time * PartOfStop : null;
        _reusesRequests = options.ReusesRequests ?? environment?.IsDevelopment() != true;
        Features.Set<IServerAddressesFeature>(_addresses);
    }

    /// <summary><see cref="IServerAddressesFeature"/>: when it has started with the ports that the system chose.</summary>
    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <summary>Listens everywhere.</summary>
    /// <typeparam name="TContext">The application's.</typeparam>
    /// <param name="application">Answers the requests.</param>
    /// <param name="cancellationToken">Looked at before.</param>
    /// <returns>Done when it listens.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="application"/> is null.</exception>
    /// <exception cref="IOException">Somebody else listens there, or it is not allowed.</exception>
    /// <exception cref="InvalidOperationException">It was started before, or an address is none.</exception>
    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        ArgumentNullException.ThrowIfNull(application);
        cancellationToken.ThrowIfCancellationRequested();
        if (_services.Count > 0)
        {
            throw new InvalidOperationException("The server has been started before.");
        }

        var settings = new KestrelSettings(_configuration, _options, _drain);
        var bound = new List<string>();
        try
        {
            foreach (var wanted in Wanted(settings))
            {
                bound.Add(Listen(application, settings, wanted));
            }
        }
        catch
        {
            await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
            throw;
        }

        _addresses.Become(bound);
        foreach (var address in bound)
        {
            ServerLog.Listening(_logger, address);
        }
    }

    /// <summary>Listens no more, and ends connections when their requests are answered.</summary>
    /// <param name="cancellationToken">Cancelled: no longer waits for them.</param>
    /// <returns>Done when all have ended, or when it was cancelled.</returns>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var stopped = Task.WhenAll(_services.Select(static service => service.Stop().AsTask()));
        await ((Task)stopped).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Listens no more, and waits for nobody.</summary>
    public void Dispose() => _ = StopAsync(new CancellationToken(canceled: true));

    private IEnumerable<DieselEndPoint> Wanted(KestrelSettings settings)
    {
        var own = settings.EndPoints.Concat(_options.EndPoints).ToList();
        if (own.Count > 0 && !_addresses.PreferHostingUrls)
        {
            return own;
        }

        var addresses = _addresses.Addresses.Count > 0 ? _addresses.Addresses : [DefaultAddress];
        return addresses.SelectMany(address => ServerAddress.Parse(address, settings.DefaultTls));
    }

    // The first hub chooses the port, the others share it.
    private string Listen<TContext>(IHttpApplication<TContext> application, KestrelSettings settings, DieselEndPoint wanted)
        where TContext : notnull
    {
        var hubs = _options.Hubs?.Hubs ?? [_options.Hub ?? Hub.Default];
        var endPoint = wanted.EndPoint;
        foreach (var hub in hubs)
        {
            var served = new ServedEndPoint(_options, settings.MaxBody, _logger, wanted.Tls is not null, _reusesRequests);
            Func<HubSession, HubRequest> make = session => new HubRequest<TContext>(application, session);
            var service = new HttpService(
                endPoint,
                (Connection _) => _options.RunsOnHub ? new SessionOnHub(make, served, hub) : new SessionOnPool(make, served, hub),
                settings.Http with { Tls = wanted.Tls, Socket = settings.Http.Socket with { ReusePort = hubs.Count > 1 || settings.Http.Socket.ReusePort } },
                hub);
            _services.Add(service);
            service.Start(hub);
            endPoint = service.EndPoint;
        }

        return ServerAddress.Show(endPoint, wanted.Tls is not null);
    }
}
