using System.Net;

namespace Diesel.Reactive;

/// <summary>Calls spread over several endpoints that do the same, with one connection to each that many callers share.</summary>
/// <typeparam name="TReply">What a reply is decoded to.</typeparam>
/// <remarks>Which endpoint gets a call <see cref="BalancingOptions.Policy"/> says; its load is the calls it has not answered. One that cannot be connected
/// to gets none as long as there are others, and calls that wait for it go to these; it is probed until it can be. A call that was sent stays
/// where it is: what becomes of it when its connection is lost is as with <see cref="ReconnectingCalls{TReply}"/>. Calls to different endpoints may
/// overtake each other. Members may be called from any thread.</remarks>
public sealed class BalancedCalls<TReply> : ICalls<TReply>, ICallEntry<TReply>, IDisposable
{
    private readonly Func<EndPoint, ReconnectingCalls<TReply>> _make;
    private readonly BalancingOptions _options;
    private readonly Balancer<Member> _balancer;
    private bool _isOver;

    /// <summary>Makes it; nothing is dialled before a call needs it.</summary>
    /// <param name="endPoints">At least one.</param>
    /// <param name="calls">Makes the calls of one endpoint; called on the hub, once for each endpoint. They live on the same hub, and are this
    /// object's.</param>
    /// <param name="options">How to choose, and when one gets nothing; null for the defaults.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoints"/>, one of them or <paramref name="calls"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no endpoint.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One has port 0.</exception>
    public BalancedCalls(
        IReadOnlyList<EndPoint> endPoints, Func<EndPoint, ReconnectingCalls<TReply>> calls, BalancingOptions? options = null, Hub? hub = null)
    {
        ArgumentNullException.ThrowIfNull(calls);
        var all = EndPoints.Several(endPoints);
        (_make, _options, Hub) = (calls, options ?? BalancingOptions.Default, Hub.Of(hub));
        _balancer = new Balancer<Member>(Hub, _options.Policy);
        Hub.Invoke(() => RetargetHere(all));
    }

    /// <inheritdoc/>
    public Hub Hub { get; }

    /// <summary>The calls of each endpoint; in the order they were given.</summary>
    public IReadOnlyDictionary<EndPoint, ReconnectingCalls<TReply>> All => _balancer.All.ToDictionary(static one => one.EndPoint, static one => one.Calls);

    /// <inheritdoc/>
    public IDisposable Send(Call<TReply> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (Hub.IsCurrent)
        {
            call.Enter(this);
            ((ICallEntry<TReply>)this).Enter(call);
        }
        else
        {
            LaterCall<TReply>.Send(this, call);
        }

        return call;
    }

    /// <summary>From now on calls go to these endpoints.</summary>
    /// <param name="endPoints">At least one. Of one that stays nothing changes. One that leaves answers what is in flight; what waits for it goes
    /// to the others.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endPoints"/> or one of them is null.</exception>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One has port 0.</exception>
    public void Retarget(params IReadOnlyList<EndPoint> endPoints)
    {
        var all = EndPoints.Several(endPoints);
        Hub.Invoke(() => RetargetHere(all));
    }

    /// <summary>Closes each connection when what is in flight there was answered. Calls that wait get <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => Hub.Invoke(static calls => ((BalancedCalls<TReply>)calls!).DisposeHere(), this);

    /// <summary>Where to, as errors show it.</summary>
    public override string ToString() => $"calls to {string.Join(", ", _balancer.All.Select(static one => EndPoints.Text(one.EndPoint)))}";

    void ICallEntry<TReply>.Enter(Call<TReply> call)
    {
        if (!_isOver && _balancer.Pick([]) is { } member)
        {
            member.Calls.Enter(call);
        }
        else
        {
            Refusal<TReply>.Of(Hub, call, new ObjectDisposedException(ToString(), $"The {this} were disposed."));
        }
    }

    void ICallHolder<TReply>.Abandon(Call<TReply> call) => call.Place = CallPlace.Over;

    private void RetargetHere(EndPoint[] endPoints)
    {
        if (_isOver)
        {
            return;
        }

        var old = _balancer.All;
        _balancer.All = [.. endPoints.Select(to => Array.Find(old, one => one.EndPoint.Equals(to)) ?? new Member(to, this, _make(to)))];
        foreach (var left in old.Except(_balancer.All))
        {
            Spread(left.Calls.TakeAll());
            left.Leave();
        }
    }

    private void DisposeHere()
    {
        _isOver = true;
        Array.ForEach(_balancer.All, static member => member.Leave());
    }

    private void Spread(Call<TReply>[] calls)
    {
        foreach (var call in calls)
        {
            ((ICallEntry<TReply>)this).Enter(call);
        }
    }

    /// <summary>One endpoint and its connection.</summary>
    private sealed class Member : EndPointHealth
    {
        private readonly BalancedCalls<TReply> _all;
        private ClientPhase _before;

        public Member(EndPoint endPoint, BalancedCalls<TReply> all, ReconnectingCalls<TReply> calls)
            : base(endPoint, all.Hub, all._options)
        {
            (_all, Calls) = (all, calls);
            calls.State.Subscribe(Changed);
        }

        public ReconnectingCalls<TReply> Calls { get; }

        public override int Load => Calls.Counts is var counts ? counts.InFlight + counts.Queued : 0;

        public void Leave()
        {
            Dispose();
            Calls.Dispose();
        }

        protected override IObservable<object> Probe() => Calls.Connect();

        private void Changed(ClientState state)
        {
            if (state.Phase == ClientPhase.Ready)
            {
                Readmit();
            }
            else if (state is { Phase: ClientPhase.Disconnected, Reason: not null } && _before != ClientPhase.Ready)
            {
                Eject();
                MoveOn();
            }

            _before = state.Phase;
        }

        // Where there are others, nobody waits for this one.
        private void MoveOn()
        {
            if (Array.Exists(_all._balancer.All, static one => !one.IsEjected))
            {
                _all.Spread(Calls.TakeAll());
            }
        }
    }
}
