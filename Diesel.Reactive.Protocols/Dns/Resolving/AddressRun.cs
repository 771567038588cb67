using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Finds the addresses of a host: as many names as it may mean are asked for, one after the other, each for both families at a time. On the hub.</summary>
internal sealed class AddressRun : IDisposable
{
    private const int Silence = 4;

    private readonly ResolverCore _core;
    private readonly string _host;
    private readonly IObserver<ResolvedAddress> _observer;
    private readonly TimeSpan _began;
    private readonly HashSet<IPAddress> _given = [];
    private readonly List<ResolvedAddress> _found = [];
    private readonly ChainRun?[] _asking = new ChainRun?[2];
    private Queue<DnsName> _candidates = new();
    private DnsName _name;
    private Exception? _error;
    private Exception? _worst;
    private List<CacheEntry>? _grounds = [];
    private bool _isOwnFirst;
    private int _open;
    private bool _isStarting;
    private bool _isOver;

    public AddressRun(ResolverCore core, string host, IObserver<ResolvedAddress> observer) =>
        (_core, _host, _observer, _began) = (core, host, observer, core.Memory.Now);

    /// <summary>What the addresses stand on; null: on something that is not remembered.</summary>
    public IReadOnlyList<CacheEntry>? Grounds => _grounds;

    public AddressRun Begin()
    {
        if (_core.IsDisposed)
        {
            End(new ObjectDisposedException(nameof(Resolver)));
        }
        else if (IPAddress.TryParse(_host, out var address))
        {
            Give([new(address)]);
            End(null);
        }
        else if (!DnsName.TryParse(_host, out _name))
        {
            End(new DnsException($"'{_host}' is no name of a host.", DnsResponseCode.NameError));
        }
        else if (_core.Known.Addresses(_name) is { } known)
        {
            Give([.. known.Select(static each => new ResolvedAddress(each))]);
            End(null);
        }
        else if (_core.Known.Never(_name) is { } never)
        {
            End(never);
        }
        else
        {
            _candidates = new(_core.Candidates(_host, _name));
            _isOwnFirst = _candidates.TryPeek(out var first) && first == _name;
            Next();
        }

        return this;
    }

    public void Dispose()
    {
        _isOver = true;
        foreach (var asking in _asking)
        {
            asking?.Dispose();
        }
    }

    private void Next()
    {
        if (!_candidates.TryDequeue(out var name))
        {
            End(_worst ?? new DnsException($"There is nothing that '{_host}' may mean.", DnsResponseCode.NameError));
            return;
        }

        (_error, _isStarting) = (null, true);
        DnsType[] types = _core.Conf.Value.HasNoAaaa ? [DnsType.A] : [DnsType.AAAA, DnsType.A];
        _open = types.Length;
        for (var at = 0; at < types.Length && !_isOver; at++)
        {
            _asking[at] = new ChainRun(_core.Memory, new(name, types[at]), new Answering(this, name));
            _asking[at]!.Begin();
        }

        _isStarting = false;
        Flush(name);
    }

    private void Take(DnsAnswer answer)
    {
        if (_isOver)
        {
            return;
        }

        Stand(answer.Grounds);
        foreach (var record in answer.Records)
        {
            if (record is AddressRecord { Address: var address })
            {
                _found.Add(new(address, answer.TimeToLive));
            }
        }

        Worse(answer.Error);
    }

    private void Ended(DnsName name, Exception? error)
    {
        if (!_isOver)
        {
            _open--;
            Stand(error is null ? [] : null);
            Worse(error);
            Flush(name);
        }
    }

    // What is there at once is sorted together; what comes later, by itself.
    private void Flush(DnsName name)
    {
        if (_isStarting || _isOver)
        {
            return;
        }

        if (_found.Count > 0)
        {
            var found = _found.ToArray();
            _found.Clear();
            Give(found);
        }

        if (_open > 0 || _isOver)
        {
            return;
        }

        if (_given.Count > 0)
        {
            End(null);
            return;
        }

        Missed(name);
    }

    private void Missed(DnsName name)
    {
        _worst = _isOwnFirst && _worst is not null ? _worst : Rank(_error) > Rank(_worst) ? _error : _worst;
        if (Rank(_error) == Silence)
        {
            // Nobody is there to be asked for the others; only the name itself is tried all the same.
            var own = _candidates.Contains(_name) && name != _name;
            _candidates = new(own ? [_name] : []);
            _worst = _error;
        }

        Next();
    }

    private void Give(IReadOnlyList<ResolvedAddress> found)
    {
        foreach (var address in _core.Sort([.. found.Select(static each => each.Address)]))
        {
            if (!_isOver && _given.Add(address))
            {
                _observer.OnNext(found.First(each => each.Address.Equals(address)));
            }
        }
    }

    private void Stand(IEnumerable<CacheEntry>? grounds)
    {
        if (grounds is null)
        {
            _grounds = null;
        }
        else
        {
            _grounds?.AddRange(grounds);
        }
    }

    // An outage shall not read as absence: SERVFAIL before NODATA before NXDOMAIN.
    private static int Rank(Exception? error) => error switch
    {
        null => 0,
        DnsException { Code: DnsResponseCode.NameError } => 1,
        DnsException { Code: DnsResponseCode.NoError } => 2,
        DnsException no when no.Attempts.Count == 0 || no.Attempts.Any(static attempt => attempt.Code is not null) => 3,
        _ => Silence,
    };

    private void Worse(Exception? error) => _error = Rank(error) > Rank(_error) ? error : _error;

    private void End(Exception? error)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        ResolverTelemetry.Record(_host, _core.Memory.Now - _began, error);
        if (error is null)
        {
            _observer.OnCompleted();
        }
        else
        {
            _observer.OnError(error);
        }
    }

    private sealed class Answering(AddressRun run, DnsName name) : IObserver<DnsAnswer>
    {
        public void OnNext(DnsAnswer value) => run.Take(value);

        public void OnError(Exception error) => run.Ended(name, error);

        public void OnCompleted() => run.Ended(name, null);
    }
}
