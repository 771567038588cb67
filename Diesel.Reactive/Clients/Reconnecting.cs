using System.Net;
using System.Reactive;

namespace Diesel.Reactive;

/// <summary>A connection that is made when somebody needs it, made ready before anybody gets it, and made again when it was lost: what
/// clients that come back stand on.</summary>
/// <typeparam name="T">What a connection that is ready is given out as: itself, or a <see cref="Pipeline{TReply}"/> over it.</typeparam>
/// <remarks>
/// <para>One at a time. An attempt is looking up, dialling and making ready, within <see cref="TcpConnectOptions.ConnectTimeout"/>
/// altogether; one that fails leaves nothing open. How soon the next is made, and how long those wait who need it, <see cref="ReconnectOptions"/>
/// say. Of several endpoints the next one is tried when one fails.</para>
/// <para>Members may be called from any thread; what they tell comes on the hub. Idea: Twisted's <c>ClientService</c>.</para>
/// </remarks>
public sealed class Reconnecting<T> : IDisposable
    where T : class
{
    private readonly ReconnectRun<T> _run;

    /// <summary>Prepares it; nothing is dialled before somebody needs it, unless it is to be kept connected.</summary>
    /// <param name="endPoints">Where to; at least one.</param>
    /// <param name="prepare">Makes a fresh connection ready (logs in, selects, subscribes) and gives what is lent: runs on the hub, within
    /// the attempt and its time limit. What it throws fails the attempt.</param>
    /// <param name="ended">Tells that one is over: by a value or its completion in order, by an error that it was lost.</param>
    /// <param name="wasIdle">Of one that is over: whether nobody was using it. Then no time passes before the next is made. Null: an error is
    /// always a failure.</param>
    /// <param name="options">When to try again, who waits how long; null for the defaults.</param>
    /// <param name="connect">How to dial, and the time limit of an attempt; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoints"/>, one of them, <paramref name="prepare"/> or
    /// <paramref name="ended"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no endpoint.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One has port 0.</exception>
    public Reconnecting(
        IReadOnlyList<EndPoint> endPoints,
        Func<Connection, Task<T>> prepare,
        Func<T, IObservable<Unit>> ended,
        Func<T, bool>? wasIdle = null,
        ReconnectOptions? options = null,
        TcpConnectOptions? connect = null,
        Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(prepare);
        ArgumentNullException.ThrowIfNull(ended);
        options ??= ReconnectOptions.Default;
        Hub = Hub.Of(hub);
        _run = new ReconnectRun<T>(Hub, EndPoints.Several(endPoints), prepare, ended, options, connect.Or(TcpConnectOptions.Default)) { WasIdle = wasIdle };
        _run.Begin();
    }

    /// <summary>Where it lives.</summary>
    public Hub Hub { get; }

    /// <summary>What is ready now; null: nothing.</summary>
    public T? Current => _run.Current;

    /// <summary>How it stands with the connection: the present state first, then each change. Completes when this is disposed.</summary>
    /// <remarks>Hot. An observer that throws is reported in <see cref="Hub.Errors"/>, and gets no more.</remarks>
    public IObservable<ClientState> State => _run.State;

    /// <summary>Waits for one that is ready, and has it made if there is none.</summary>
    /// <remarks>Cold: each subscription and each <c>await</c> waits anew, for <see cref="ReconnectOptions.MaxWait"/>. It stays this
    /// object's: do not dispose it. Errors: what the last attempt came to, <see cref="TimeoutException"/> when there was none that failed,
    /// <see cref="InvalidOperationException"/> when too many wait, <see cref="ObjectDisposedException"/>.</remarks>
    public Awaitable<T> Ready => _run.Ready;

    /// <summary>From now on it goes elsewhere.</summary>
    /// <param name="endPoints">Where to; at least one. What is connected to one of these stays; of any other no more is given out, and it
    /// is disposed: a pipeline answers what is in flight before it closes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoints"/> or one of them is null.</exception>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One has port 0.</exception>
    /// <remarks>Who waits goes along; what was waited for between attempts is over.</remarks>
    public void Retarget(params IReadOnlyList<EndPoint> endPoints)
    {
        var all = EndPoints.Several(endPoints);
        Hub.Invoke(() => _run.Retarget(all));
    }

    /// <summary>Disposes what is connected, and gives up what is not. Who waits gets <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => Hub.Invoke(static run => ((ReconnectRun<T>)run!).Dispose(), _run);

    /// <summary>Where to, as errors show it.</summary>
    public override string ToString() => _run.ToString();
}
