namespace Diesel.Reactive;

/// <summary>Calls that all have the same time: who was sent first is due first, so that one timer and a line do for all of them.</summary>
/// <remarks>One from another thread comes to the hub before it is sent on: the line, and all that is behind it, needs no lock then, and is the hub's alone.</remarks>
internal sealed class TimedCalls<TReply>(ICalls<TReply> calls, TimeSpan limit, Func<string, Exception> late) : ICalls<TReply>, ICallEntry<TReply>
{
    // Who is over is let go of by those who come later, and when nobody comes, so soon; behind one that has waited for long, after as long again.
    private static readonly TimeSpan Tidying = TimeSpan.FromMilliseconds(100);

    private readonly Queue<(Call<TReply> Call, TimeSpan Due)> _line = [];
    private TimeSpan _seen;
    private TimeSpan _pause;
    private bool _isWatched;

    public Hub Hub => calls.Hub;

    public IDisposable Send(Call<TReply> call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (Hub.IsCurrent)
        {
            return SendHere(call);
        }

        LaterCall<TReply>.Send(this, call);
        return call;
    }

    /// <summary>Where they go.</summary>
    public override string ToString() => Label.Of(calls);

    void ICallEntry<TReply>.Enter(Call<TReply> call) => SendHere(call);

    void ICallHolder<TReply>.Abandon(Call<TReply> call) => call.Place = CallPlace.Over;

    private IDisposable SendHere(Call<TReply> call)
    {
        var sent = calls.Send(call);
        LetGo();
        _line.Enqueue((call, Times.Sum(Hub.Elapsed, limit)));
        if (!_isWatched)
        {
            _isWatched = true;
            Watch(limit < Tidying ? limit : Tidying);
        }

        return sent;
    }

    private void Watch(TimeSpan wait) => Hub.StartTimer(wait, static timed => ((TimedCalls<TReply>)timed!).Look(), this);

    private void Look()
    {
        while (TakeLate() is { } call)
        {
            call.Expire(Error(call), limit);
        }

        _isWatched = _line.TryPeek(out var next);
        if (_isWatched)
        {
            var wait = next.Due - Hub.Elapsed;
            wait = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
            _pause = next.Due == _seen ? 2 * _pause : Tidying;
            _seen = next.Due;
            Watch(wait < _pause ? wait : _pause);
        }
    }

    private Call<TReply>? TakeLate()
    {
        LetGo();
        return _line.TryPeek(out var head) && head.Due <= Hub.Elapsed ? _line.Dequeue().Call : null;
    }

    private void LetGo()
    {
        while (_line.TryPeek(out var head) && !head.Call.IsAwaited)
        {
            _line.Dequeue();
        }
    }

    private Exception Error(Call<TReply> call)
    {
        try
        {
            return late(Label.Of(call));
        }
        catch (Exception thrown)
        {
            return thrown;
        }
    }
}
