namespace Diesel.Reactive;

/// <summary>Calls that all have the same time: who was sent first is due first, so that one timer and a line do for all of them.</summary>
internal sealed class TimedCalls<TReply>(ICalls<TReply> calls, TimeSpan limit, Func<string, Exception> late) : ICalls<TReply>
{
    // Who is over is let go of by those who come later, and when nobody comes, so soon; behind one that has waited for long, after as long again.
    private static readonly TimeSpan Tidying = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Queue<(Call<TReply> Call, TimeSpan Due)> _line = [];
    private TimeSpan _seen;
    private TimeSpan _pause;
    private bool _isWatched;

    public Hub Hub => calls.Hub;

    public IDisposable Send(Call<TReply> call)
    {
        var sent = calls.Send(call);
        bool begins;
        lock (_gate)
        {
            LetGo();
            _line.Enqueue((call, Times.Sum(Hub.Elapsed, limit)));
            (begins, _isWatched) = (!_isWatched, true);
        }

        if (begins)
        {
            Watch(limit < Tidying ? limit : Tidying);
        }

        return sent;
    }

    /// <summary>Where they go.</summary>
    public override string ToString() => Label.Of(calls);

    private void Watch(TimeSpan wait) => Hub.StartTimer(wait, static timed => ((TimedCalls<TReply>)timed!).Look(), this);

    private void Look()
    {
        while (TakeLate() is { } call)
        {
            call.Expire(Error(call), limit);
        }

        TimeSpan wait;
        lock (_gate)
        {
            _isWatched = _line.TryPeek(out var next);
            wait = next.Due - Hub.Elapsed;
            _pause = next.Due == _seen ? 2 * _pause : Tidying;
            _seen = next.Due;
        }

        if (_isWatched)
        {
            wait = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
            Watch(wait < _pause ? wait : _pause);
        }
    }

    private Call<TReply>? TakeLate()
    {
        lock (_gate)
        {
            LetGo();
            return _line.TryPeek(out var head) && head.Due <= Hub.Elapsed ? _line.Dequeue().Call : null;
        }
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
