namespace Diesel.Reactive.Protocols.Http;

/// <summary>Conversations that wait for the same time: who came first is the first whose time is up, so one timer is enough for all of them.</summary>
/// <remarks>Ten thousand connections at rest would have a timer each otherwise, which is as much memory as all else that is kept of them here.</remarks>
internal sealed class HttpWaiting
{
    private readonly Deadline _deadline;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _time;
    private readonly Action<HttpConversation> _late;
    private HttpConversation? _first;
    private HttpConversation? _last;
    private long _awaited;

    /// <param name="hub">Keeps the time.</param>
    /// <param name="time">How long each may wait; <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</param>
    /// <param name="late">Called for each whose time is up, when it has left.</param>
    public HttpWaiting(Hub hub, TimeSpan time, Action<HttpConversation> late)
    {
        (_clock, _time, _late) = (hub.TimeProvider, time, late);
        _deadline = new Deadline(hub, static waiting => ((HttpWaiting)waiting!).Look(), this);
    }

    /// <summary>One more waits from now on; it waits nowhere else any more.</summary>
    public void Add(HttpConversation one)
    {
        one.Place.Waiting?.Remove(one);
        if (_time == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        one.Place = new() { Waiting = this, Due = _clock.GetTimestamp() + _time.Ticks, Before = _last };
        if (_last is { } last)
        {
            last.Place.Behind = one;
        }
        else
        {
            _first = one;
        }

        _last = one;
        if (!_deadline.IsActive)
        {
            Await();
        }
    }

    /// <summary>It has what it waited for. The timer stays: it looks for the next when it comes.</summary>
    public void Remove(HttpConversation one)
    {
        if (one.Place.Before is { } before)
        {
            before.Place.Behind = one.Place.Behind;
        }
        else
        {
            _first = one.Place.Behind;
        }

        if (one.Place.Behind is { } behind)
        {
            behind.Place.Before = one.Place.Before;
        }
        else
        {
            _last = one.Place.Before;
        }

        one.Place = default;
    }

    /// <summary>Where one of them stands.</summary>
    internal struct Place
    {
        /// <summary>Among whom; null: nowhere.</summary>
        public HttpWaiting? Waiting;

        public HttpConversation? Before;

        public HttpConversation? Behind;

        /// <summary>Until when, on the hub's clock.</summary>
        public long Due;
    }

    public override string ToString() => $"HTTP connections that wait for {_time}";

    // Only those whose time was up before this turn began: of the others, what they wait for may have come and be unread.
    private void Look()
    {
        while (_first is { } one && one.Place.Due <= _awaited)
        {
            Remove(one);
            _late(one);
        }

        if (_first is not null && !_deadline.IsActive)
        {
            Await();
        }
    }

    private void Await()
    {
        var now = _clock.GetTimestamp();
        _awaited = Math.Max(_first!.Place.Due, now);
        _deadline.Reset(TimeSpan.FromTicks(_awaited - now));
    }
}
