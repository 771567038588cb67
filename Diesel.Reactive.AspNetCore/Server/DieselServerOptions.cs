using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.AspNetCore;

/// <summary>How an ASP.NET Core application is served on a hub: see <see cref="HubWebHosting.UseDiesel"/>.</summary>
public sealed record DieselServerOptions
{
    private readonly int _maxUnsentBytes = 64 * 1024;
    private readonly long _mostBody = 1L << 30;

    /// <summary>Where it runs; null, the default: the hub that programs share.</summary>
    public Hub? Hub { get; init; }

    /// <summary>Several hubs, one for each core, that share each port; then <see cref="Hub"/> is not used. Null, the default: one hub. Linux.</summary>
    public HubGroup? Hubs { get; init; }

    /// <summary>Whether the application runs on the hub's thread, where its awaits resume as well; default false: on the thread pool, as with Kestrel.</summary>
    /// <remarks>On the hub nothing needs a lock and a request costs least, but nobody may block: waits throw, and what works for long keeps all
    /// connections waiting. Endpoints decide for themselves with <see cref="HubEndpoints.RunOnHub"/> and <see cref="HubEndpoints.RunOnThreadPool"/>.</remarks>
    public bool RunsOnHub { get; init; }

    /// <summary>Whether a connection's next request has the objects of the one before, its <c>HttpContext</c> among them, when the application was done with that at once;
    /// null, the default: except in Development.</summary>
    /// <remarks>So a request costs little. Who uses an <c>HttpContext</c> behind its request sees the next one of the same client then; in Development he is told by
    /// <see cref="ObjectDisposedException"/>.</remarks>
    public bool? ReusesRequests { get; init; }

    /// <summary>Whether the application may read and write its bodies by calls that block; default false, as with Kestrel.</summary>
    public bool AllowSynchronousIO { get; init; }

    /// <summary>Bytes of a response that wait for the hub or the peer before a write waits; default 64 KiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public int MaxUnsentBytes
    {
        get => _maxUnsentBytes;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxUnsentBytes));
            _maxUnsentBytes = value;
        }
    }

    /// <summary>The longest body that any endpoint may allow, bytes: a longer one is refused before it comes. Default 1 GiB. What they allow by themselves says
    /// <c>MaxRequestBodySize</c>, 30 000 000 bytes by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public long MostBody
    {
        get => _mostBody;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MostBody));
            _mostBody = value;
        }
    }

    /// <summary>Where it listens besides the addresses of the host; default: nowhere.</summary>
    public IReadOnlyList<DieselEndPoint> EndPoints { get; init; } = [];

    /// <summary>The certificates of addresses that begin with <c>https</c>, unless the configuration names one; default null.</summary>
    public TlsServerOptions? Tls { get; init; }

    /// <summary>Bounds and timeouts of connections and messages; null, the default: those of <c>Kestrel:Limits</c> in the configuration, and its defaults.</summary>
    public HttpServiceOptions? Http { get; init; }
}
