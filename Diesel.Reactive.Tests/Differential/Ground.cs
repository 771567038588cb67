using System.Net;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

/// <summary>A network to run programs on, and a hub where both ends live.</summary>
internal abstract class Ground : IDisposable
{
    private readonly System.Collections.Generic.Queue<ITransport> _accepted = new();
    private IListener? _listener;

    public abstract string Name { get; }

    public abstract Hub Hub { get; }

    /// <summary>Where its ends meet.</summary>
    public EndPoint Place { get; init; } = new IPEndPoint(IPAddress.Loopback, 0);

    /// <summary>Whether to wait less for what seems not to happen.</summary>
    public bool IsHasty { get; set; }

    /// <summary>What showed in the hub's errors since it was last asked.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Runs a loop on the hub to its end.</summary>
    public abstract T Run<T>(Func<Task<T>> loop);

    /// <summary>Lets everything happen that is going to.</summary>
    /// <param name="isExpected">Whether what was to happen has happened; a ground that knows no end to waiting goes by it.</param>
    /// <param name="isAllowed">Whether what has happened may be all, which is believed after a while.</param>
    public abstract Task Quiet(Func<bool> isExpected, Func<bool>? isAllowed = null);

    /// <summary>A connection: the end that dialled and the other.</summary>
    public async Task<(ITransport A, ITransport B)> Wire()
    {
        _listener ??= Hub.Network.Listen(Place, new SocketOptions(), _accepted.Enqueue);
        var a = await Hub.Network.Connect(_listener.LocalEndPoint, new SocketOptions());
        await Quiet(() => _accepted.Count > 0);
        return (a, _accepted.Dequeue());
    }

    public virtual void Dispose()
    {
        if (_listener is not null)
        {
            Hub.Schedule(_listener.Dispose);
        }
    }

    protected void Hear() => Hub.Errors.Subscribe(error => Errors.Add(error.Exception.GetType().Name));
}
