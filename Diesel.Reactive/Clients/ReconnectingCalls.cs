using System.Net;

namespace Diesel.Reactive;

/// <summary>Calls that many callers make over one connection, which is made when a call needs it, and again when it was lost: all a client of
/// a pipelined protocol needs.</summary>
/// <typeparam name="TReply">What a reply is decoded to.</typeparam>
/// <remarks>What was never sent when a connection is lost, and what may be sent again (<see cref="Call{TReply}.IsRepeatable"/>), moves on to the
/// next one in its order; the other calls fail with <see cref="ReplyLostException"/>. Calls wait for a connection for
/// <see cref="ReconnectOptions.MaxWait"/>, and fail with what the last attempt came to. Members may be called from any thread.</remarks>
public sealed class ReconnectingCalls<TReply> : ICalls<TReply>, ICallEntry<TReply>, IDisposable
{
    private readonly CallQueue<TReply> _queue;
    private readonly Reconnecting<Pipeline<TReply>> _link;
    private IDisposable? _asking;
    private bool _isAsking;

    /// <summary>Prepares it; nothing is dialled before a call needs it, unless it is to be kept connected.</summary>
    /// <param name="endPoints">Where to; at least one. One is used at a time, the next when it fails.</param>
    /// <param name="prepare">Makes a fresh connection ready (logs in, selects) and begins a pipeline over it that serves the given queue. Runs on
    /// the hub, within the attempt and its time limit. What it throws fails the attempt.</param>
    /// <param name="bounds">Of the queue; null for the defaults.</param>
    /// <param name="options">When to try again, how long calls wait; null for the defaults.</param>
    /// <param name="connect">How to dial, and the time limit of an attempt; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoints"/>, one of them or <paramref name="prepare"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no endpoint.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One has port 0.</exception>
    public ReconnectingCalls(
        IReadOnlyList<EndPoint> endPoints,
        Func<Connection, CallQueue<TReply>, Task<Pipeline<TReply>>> prepare,
        PipelineOptions? bounds = null,
        ReconnectOptions? options = null,
        TcpConnectOptions? connect = null,
        Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(prepare);
        Hub = Hub.Of(hub);
        _queue = new CallQueue<TReply>(bounds, Hub);
        _link = new Reconnecting<Pipeline<TReply>>(
            endPoints, connection => prepare(connection, _queue), static pipeline => pipeline.Ended, static pipeline => pipeline.EndedIdle, options, connect, Hub);
        State.Subscribe(Changed);
    }

    /// <inheritdoc/>
    public Hub Hub { get; }

    /// <summary>How it stands with the connection: the present state first, then each change. Completes when this is disposed.</summary>
    /// <remarks>Hot. An observer that throws is reported in <see cref="Hub.Errors"/>, and gets no more.</remarks>
    public IObservable<ClientState> State => _link.State;

    /// <summary>The pipeline that is ready now; null: none is.</summary>
    public Pipeline<TReply>? Current => _link.Current;

    /// <summary>Its numbers now.</summary>
    public PipelineCounts Counts => Current?.Counts ?? new() { Queued = _queue.Count };

    /// <inheritdoc/>
    public IDisposable Send(Call<TReply> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (Hub.IsCurrent)
        {
            call.Enter(this);
            Enter(call);
        }
        else
        {
            LaterCall<TReply>.Send(this, call);
        }

        return call;
    }

    /// <summary>Connects now, to learn whether it works, instead of at the first call.</summary>
    /// <returns>Cold: one value when there is a connection that is ready.</returns>
    /// <remarks>Errors: as <see cref="Reconnecting{T}.Ready"/>.</remarks>
    public Awaitable<Pipeline<TReply>> Connect() => _link.Ready;

    /// <inheritdoc cref="Reconnecting{T}.Retarget"/>
    public void Retarget(params IReadOnlyList<EndPoint> endPoints) => _link.Retarget(endPoints);

    /// <summary>Closes the connection when what is in flight was answered. Calls that wait get <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _queue.Dispose();
        _link.Dispose();
    }

    /// <summary>Where to, as errors show it.</summary>
    public override string ToString() => _link.ToString();

    void ICallEntry<TReply>.Enter(Call<TReply> call) => Enter(call);

    void ICallHolder<TReply>.Abandon(Call<TReply> call) => call.Place = CallPlace.Over;

    /// <summary>One that is on its way already. On the hub.</summary>
    internal void Enter(Call<TReply> call)
    {
        ((ICallEntry<TReply>)_queue).Enter(call);
        Ask();
    }

    /// <summary>The calls that wait for a connection go elsewhere. On the hub.</summary>
    internal Call<TReply>[] TakeAll() => _queue.TakeAll();

    // One asks for all that wait.
    private void Ask()
    {
        if (!_isAsking && Current is null && _queue.Count > 0)
        {
            _isAsking = true;
            var asking = _link.Ready.Subscribe(_ => Asked(null), Asked, static () => { });
            _asking = _isAsking ? asking : null;
        }
    }

    private void Asked(Exception? failure)
    {
        (_isAsking, _asking) = (false, null);
        if (failure is not null and not ObjectDisposedException)
        {
            _queue.Fail(failure);
        }
    }

    private void Changed(ClientState state)
    {
        if (state.Phase != ClientPhase.Disconnected)
        {
            return;
        }

        if (_queue.Count > 0)
        {
            Ask();
        }
        else if (_isAsking)
        {
            // All have left: nothing is dialled for nobody.
            _asking?.Dispose();
            Asked(null);
        }
    }
}
