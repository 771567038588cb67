using System.Net;

namespace Diesel.Reactive.Protocols.Dns;

/// <summary>Gives a host's addresses whenever they change: asked for when their time is over. On the hub.</summary>
internal sealed class WatchRun : IObserver<ResolvedAddress>, IDisposable
{
    // A TTL of 0 is no wish to be asked all the time.
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private readonly ResolverCore _core;
    private readonly string _host;
    private readonly IObserver<IReadOnlyList<IPAddress>> _observer;
    private readonly Deadline _again;
    private List<ResolvedAddress> _found = [];
    private HashSet<IPAddress>? _last;
    private AddressRun? _asking;
    private bool _isOver;

    public WatchRun(ResolverCore core, string host, IObserver<IReadOnlyList<IPAddress>> observer)
    {
        (_core, _host, _observer) = (core, host, observer);
        _again = new Deadline(core.Hub, static run => ((WatchRun)run!).Begin(), this);
    }

    public WatchRun Begin()
    {
        _found = [];
        if (!_isOver)
        {
            _asking = new AddressRun(_core, _host, this);
            _asking.Begin();
        }

        return this;
    }

    public void OnNext(ResolvedAddress value) => _found.Add(value);

    public void OnCompleted()
    {
        var least = _found.Min(static each => each.TimeToLive ?? LeastPause);
        Tell(_core.Sort([.. _found.Select(static each => each.Address)]));
        Wait(least < LeastPause ? LeastPause : least > MostPause ? MostPause : least);
    }

    // That there is no such host is an answer; that nobody answers changes nothing.
    public void OnError(Exception error)
    {
        if (error is ObjectDisposedException)
        {
            _isOver = true;
            _observer.OnCompleted();
            return;
        }

        if (error is DnsException { Code: DnsResponseCode.NameError or DnsResponseCode.NoError })
        {
            Tell([]);
        }

        Wait(PauseAfterFailure);
    }

    public void Dispose()
    {
        _isOver = true;
        _again.Cancel();
        _asking?.Dispose();
    }

    private void Tell(IReadOnlyList<IPAddress> addresses)
    {
        if (!_isOver && (_last is null || !_last.SetEquals(addresses)))
        {
            _last = [.. addresses];
            _observer.OnNext(addresses);
        }
    }

    private void Wait(TimeSpan pause)
    {
        if (!_isOver)
        {
            _again.Reset(pause);
        }
    }
}
