namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Finds what a name has, through all names that it leads to: from memory as far as that goes. On the hub.</summary>
internal sealed class ChainRun(ResolverMemory memory, DnsQuestion question, IObserver<DnsAnswer> observer) : IObserver<Outcome>, IDisposable
{
    // RFC 8767, section 5: the "client response timer".
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.8);

    private List<CacheEntry>? _links;
    private DnsName _name = question.Name;
    private IDisposable? _asking;
    private Deadline? _patience;
    private CacheEntry? _stale;
    private bool _isOver;

    public ChainRun Begin()
    {
        GoOn();
        return this;
    }

    public void OnNext(Outcome value)
    {
        _asking = null;
        _patience?.Cancel();
        foreach (var link in value.Links)
        {
            if (!TryFollow(link))
            {
                return;
            }
        }

        if (value.Final is { } final)
        {
            Tell(final, isStale: false);
        }
        else
        {
            GoOn();
        }
    }

    public void OnError(Exception error)
    {
        _asking = null;
        _patience?.Cancel();
        if (_stale is { } stale && error is DnsException)
        {
            Tell(stale, isStale: true);
        }
        else
        {
            Fail(error);
        }
    }

    public void OnCompleted()
    {
    }

    public void Dispose()
    {
        _isOver = true;
        _asking?.Dispose();
        _patience?.Cancel();
    }

    private void GoOn()
    {
        while (!_isOver)
        {
            var now = memory.Now;
            if (memory.Cache.Find(_name, question.Type, now) is { } known)
            {
                Known(known, now);
                return;
            }

            if (question.Type != DnsType.CNAME && memory.Cache.Find(_name, DnsType.CNAME, now) is { Records: [CnameRecord], Failure: null } link && link.Expires > now)
            {
                if (TryFollow(link))
                {
                    continue;
                }

                return;
            }

            Ask();
            return;
        }
    }

    private void Known(CacheEntry known, TimeSpan now)
    {
        if (known.Expires > now)
        {
            memory.Hit();
            if (known.Failure is { } failure)
            {
                Fail(failure);
                return;
            }

            if (memory.Options.Prefetches && known.Records.Count > 0 && known.Left(now) < known.TimeToLive / 10 && known.RefreshAt <= now)
            {
                memory.Refresh(known, question.Type);
            }

            Tell(known, isStale: false);
        }
        else if (known.Failure is not null)
        {
            Ask();
        }
        else if (known.RefreshAt > now)
        {
            Tell(known, isStale: true);
        }
        else
        {
            _stale = known;
            Ask();
            if (!_isOver && _asking is not null)
            {
                _patience = new Deadline(memory.Client.Hub, static run => ((ChainRun)run!).GiveStale(), this);
                _patience.Reset(Patience);
            }
        }
    }

    private void Ask()
    {
        var asking = memory.Ask(new(_name, question.Type), this);
        if (!_isOver && _asking is null)
        {
            _asking = asking;
        }
    }

    // The question goes on without this caller, for the next.
    private void GiveStale()
    {
        var stale = _stale!;
        memory.Refresh(stale, question.Type);
        _asking?.Dispose();
        Tell(stale, isStale: true);
    }

    private bool TryFollow(CacheEntry link)
    {
        (_links ??= []).Add(link);
        _name = ((CnameRecord)link.Records[0]).Target;
        if (_links.Count <= Outcome.MaxLinks && !_links.Exists(each => each.Key.Name == _name))
        {
            return true;
        }

        Fail(ReplyReading.TooMany(question.Name));
        return false;
    }

    private void Tell(CacheEntry final, bool isStale)
    {
        if (!_isOver)
        {
            _isOver = true;
            if (isStale)
            {
                memory.GaveStale();
            }

            observer.OnNext(new DnsAnswer(question, (IReadOnlyList<CacheEntry>?)_links ?? [], final, memory.Now, isStale));
            observer.OnCompleted();
        }
    }

    private void Fail(Exception error)
    {
        if (!_isOver)
        {
            _isOver = true;
            observer.OnError(error);
        }
    }
}
