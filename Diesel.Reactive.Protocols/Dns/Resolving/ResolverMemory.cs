using System.Reactive;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>What a resolver knows, and what it is about to: each thing is asked for by one query at a time. On the hub.</summary>
internal sealed class ResolverMemory(DnsClient client, ResolverOptions options)
{
    // RFC 8767, section 5.
    private static readonly TimeSpan RefreshPause = TimeSpan.FromSeconds(30);

    private readonly Dictionary<CacheKey, SharedQuestion> _asking = [];
    private DateTimeOffset _turn = DateTimeOffset.MaxValue;
    private TimeSpan _turnNow;
    private long _hits;
    private long _hitsElsewhere;
    private long _misses;
    private long _stale;

    public DnsClient Client => client;

    public DnsCache Cache { get; } = new(options);

    public ResolverOptions Options => options;

    public TimeSpan Now => client.Elapsed;

    /// <summary>The time as the present turn sees it; elsewhere the time. Any thread.</summary>
    /// <remarks>The clock would be a quarter of a lookup's cost. A turn's time of day is its own.</remarks>
    public TimeSpan TurnNow
    {
        get
        {
            if (!client.Hub.IsCurrent)
            {
                return Now;
            }

            var turn = client.Hub.TurnTime;
            if (turn != _turn)
            {
                (_turn, _turnNow) = (turn, Now);
            }

            return _turnNow;
        }
    }

    public DnsCacheCounts Counts => new() { Entries = Cache.Count, Hits = Interlocked.Read(ref _hits) + Interlocked.Read(ref _hitsElsewhere), Misses = _misses, Asking = _asking.Count, Stale = _stale };

    /// <summary>What was remembered was given. Any thread.</summary>
    public void Hit()
    {
        if (client.Hub.IsCurrent)
        {
            _hits++;
        }
        else
        {
            Interlocked.Increment(ref _hitsElsewhere);
        }
    }

    public void GaveStale() => _stale++;

    /// <summary>Asks for something that is not known, or waits with others for it.</summary>
    public IDisposable Ask(CacheKey key, IObserver<Outcome> observer)
    {
        _misses++;
        if (_asking.TryGetValue(key, out var question))
        {
            return question.Join(observer);
        }

        _asking[key] = question = new SharedQuestion(this, key);
        var joined = question.Join(observer);
        question.Begin();
        return joined;
    }

    /// <summary>Asks for something that is known, beside whoever gets what is known.</summary>
    public void Refresh(CacheEntry entry, DnsType type)
    {
        entry.RefreshAt = Now + RefreshPause;
        Ask(new(entry.Key.Name, type), Observer.Create<Outcome>(static _ => { }, static _ => { }));
    }

    public Outcome Remember(CacheKey key, DnsReply reply)
    {
        var outcome = new ReplyReading(options, Now).Read(reply, new(key.Name, key.Type));
        foreach (var link in outcome.Links)
        {
            Cache.Put(link);
        }

        if (outcome.Final is { } final)
        {
            Cache.Put(final);
        }

        return outcome;
    }

    /// <summary>What may be given stale is not replaced by a failure; nor is it a failure that somebody has closed the resolver.</summary>
    public void RememberFailure(CacheKey key, Exception error)
    {
        var known = Cache.Find(key.Name, key.Type, Now);
        if (error is not DnsException || known is { Failure: null })
        {
            if (known is not null)
            {
                known.RefreshAt = Now + RefreshPause;
            }

            return;
        }

        var failures = (known?.Failures ?? 0) + 1;
        var time = FailureMemory.For(failures);
        Cache.Put(new CacheEntry(key) { Failure = error, Failures = failures, TimeToLive = time, Expires = Now + time });
    }

    public void Over(SharedQuestion question)
    {
        if (_asking.TryGetValue(question.Key, out var current) && current == question)
        {
            _asking.Remove(question.Key);
        }
    }
}
