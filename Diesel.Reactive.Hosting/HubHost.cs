using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.Hosting;

/// <summary>Starts a host's services with it, and has them drain when it stops.</summary>
internal sealed class HubHost(Hub hub, IServiceProvider provider, ILoggerFactory loggers) : IHostedService, IDisposable
{
    private readonly IDisposable _log = hub.Log().WriteTo(loggers);
    private readonly ILogger _logger = loggers.CreateLogger(HubLogger.Category);
    private IReadOnlyList<IService> _services = [];

    public bool IsRunning { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Only now: what is wrong with a service's settings fails the start, not the making of the host.
            foreach (var check in provider.GetServices<StartCheck>())
            {
                check.Look(provider);
            }

            _services = [.. provider.GetServices<IService>()];
            foreach (var service in _services)
            {
                service.Start(hub);

                // Of a TCP service the hub's log tells already.
                if (service is not TcpService)
                {
                    Log.Listens(_logger, service);
                }
            }

            IsRunning = true;
        }
        catch
        {
            await StopAsync(cancellationToken);
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        IsRunning = false;
        return Task.WhenAll(_services.Select(static service => service.Stop().AsTask())).WaitAsync(cancellationToken);
    }

    public void Dispose() => _log.Dispose();
}
