using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;

namespace Diesel.Reactive.AspNetCore;

/// <summary>A request of an application with this kind of context.</summary>
internal sealed class HubRequest<TContext>(IHttpApplication<TContext> application, HubSession session)
    : HubRequest(session), IHostContextContainer<TContext>
    where TContext : notnull
{
    private TContext _context = default!;

    public TContext? HostContext { get; set; }

    protected override Task ProcessAsync()
    {
        _context = application.CreateContext(this);
        return application.ProcessRequestAsync(_context);
    }

    protected override void Release(Exception? error)
    {
        if (_context is { } context)
        {
            _context = default!;
            application.DisposeContext(context, error);
        }
    }
}
