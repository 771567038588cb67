using System.Net;

namespace Diesel.Reactive;

/// <summary><see cref="HubNames.Follow"/>: asks for a host's addresses, and again when the first of them has lived its time.</summary>
internal sealed class NameWatch(Hub hub, DnsEndPoint name, FollowOptions options, IObserver<IReadOnlyList<EndPoint>> observer)
    : IHubResource, IHubWait, IDisposable
{
    private readonly Destination _destination = new(name);
    private readonly BackoffRun _failures = new(options.Retry, hub);
    private List<EndPoint> _known = [];
    private List<EndPoint> _found = [];
    private Lookup? _lookup;
    private IDisposable? _pause;
    private bool _isFailing;
    private volatile bool _isOver;

    public IDisposable Begin()
    {
        if (!hub.Invoke(static watch => ((NameWatch)watch!).BeginHere(), this))
        {
            HubEnded(hub.Ended());
        }

        return this;
    }

    public void Abort() => HubEnded(hub.Ended());

    public void HubEnded(ObjectDisposedException error)
    {
        if (!_isOver)
        {
            LetGo();
            observer.OnError(error);
        }
    }

    public void Dispose()
    {
        _isOver = true;
        hub.Invoke(static watch => ((NameWatch)watch!).LetGo(), this);
    }

    public override string ToString() => $"the addresses of {_destination}";

    private void BeginHere()
    {
        if (hub.IsDisposed)
        {
            Abort();
        }
        else if (!_isOver)
        {
            hub.Register(this);
            Ask();
        }
    }

    private void Ask()
    {
        if (!_isOver)
        {
            (_pause, _found) = (null, []);
            _lookup = new Lookup(hub, _destination, _found.Add, Asked);
            _lookup.Begin();
        }
    }

    private void Asked(Exception? none)
    {
        if (_isOver)
        {
            return;
        }

        if (none is not null)
        {
            Fail(none);
        }
        else
        {
            _isFailing = false;
            _failures.Reset();
            AskAgainIn(options.Within(_lookup!.Shortest));
            TellIfNew();
        }
    }

    // What was known holds until there is something else: a resolver that is away for a moment is no reason to leave everybody.
    private void Fail(Exception error)
    {
        if (!_isFailing)
        {
            _isFailing = true;
            hub.Report(error, ToString());
        }

        AskAgainIn(_failures.Next());
    }

    private void TellIfNew()
    {
        if (_found.Count != _known.Count || _found.Except(_known).Any())
        {
            _known = _found;
            observer.OnNext(_found.AsReadOnly());
        }
    }

    // An address in text is its own, and stays it.
    private void AskAgainIn(TimeSpan time)
    {
        if (_destination.Known is null)
        {
            _pause = hub.StartTimer(time, static watch => ((NameWatch)watch!).Ask(), this);
        }
    }

    private void LetGo()
    {
        _isOver = true;
        _pause?.Dispose();
        _lookup?.Dispose();
        hub.Unregister(this);
    }
}
