using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

/// <summary>A listening endpoint in memory: hands over one connection per turn, as a socket does.</summary>
internal sealed class MemoryListener(EndPoint local, Hub hub, Action<ITransport> accept, Action free) : IListener
{
    private readonly System.Collections.Generic.Queue<ITransport> _waiting = new();
    private bool _paused;
    private bool _disposed;

    public EndPoint LocalEndPoint => local;

    public Hub Hub => hub;

    public void Offer(ITransport transport)
    {
        _waiting.Enqueue(transport);
        Wake();
    }

    public void Pause() => _paused = true;

    public void Resume()
    {
        _paused = false;
        Wake();
    }

    public void Dispose()
    {
        _disposed = true;
        free();
        while (_waiting.TryDequeue(out var refused))
        {
            refused.Abort();
        }
    }

    private void Wake() => hub.Schedule(() =>
    {
        if (!_paused && !_disposed && _waiting.TryDequeue(out var transport))
        {
            Wake();
            accept(transport);
        }
    });
}
