using System.Net;

namespace Diesel.Reactive;

/// <summary>Whether an endpoint may be given calls. The hub's thread only.</summary>
/// <param name="endPoint">Which.</param>
/// <param name="hub">Where its time passes.</param>
/// <param name="options">When it is ejected, and for how long.</param>
internal abstract class EndPointHealth(EndPoint endPoint, Hub hub, BalancingOptions options) : IDisposable
{
    private readonly BackoffRun _ejections = new(options.Ejection, hub);
    private IDisposable? _waiting;
    private TimeSpan _wellSince = hub.Elapsed;
    private int _failedDials;
    private int _failedUses;
    private bool _hasLeft;

    public EndPoint EndPoint => endPoint;

    /// <summary>Whether it gets no calls, as long as there are others.</summary>
    public bool IsEjected { get; private set; }

    /// <summary>How much there is to do for it.</summary>
    public abstract int Load { get; }

    /// <summary>It was connected to.</summary>
    public void Connected()
    {
        if (_failedDials >= options.EjectAfter)
        {
            Readmit();
        }

        _failedDials = 0;
    }

    /// <summary>It could not be connected to.</summary>
    public void NotConnected()
    {
        _failedDials++;
        EjectIfFailing();
    }

    /// <summary>A use has come out well, or not.</summary>
    public void Used(Exception? error)
    {
        if (error is null)
        {
            (_failedDials, _failedUses) = (0, 0);
            Readmit();
        }
        else if (IsFailure(error))
        {
            _failedUses++;
            EjectIfFailing();
        }
    }

    public void Dispose()
    {
        _hasLeft = true;
        _waiting?.Dispose();
    }

    /// <summary>Tries it once; a value or completion says that it works.</summary>
    protected abstract IObservable<object> Probe();

    /// <summary>It gets no calls for a while.</summary>
    protected void Eject()
    {
        if (!IsEjected && !_hasLeft)
        {
            IsEjected = true;
            _ejections.WasWell(hub.Elapsed - _wellSince);
            ProbeLater();
        }
    }

    /// <summary>It works.</summary>
    protected void Readmit()
    {
        if (IsEjected)
        {
            (IsEjected, _failedDials, _failedUses, _wellSince) = (false, 0, 0, hub.Elapsed);
            _waiting?.Dispose();
        }
    }

    private void EjectIfFailing()
    {
        if (_failedDials >= options.EjectAfter || _failedUses >= options.EjectAfter)
        {
            Eject();
        }
    }

    private void ProbeLater() => _waiting = hub.StartTimer(_ejections.Next(), static health => ((EndPointHealth)health!).ProbeNow(), this);

    private void ProbeNow() => _waiting = Probe().Subscribe(_ => Readmit(), _ => StillOut(), Readmit);

    private void StillOut()
    {
        if (IsEjected && !_hasLeft)
        {
            ProbeLater();
        }
    }

    private bool IsFailure(Exception error)
    {
        if (options.IsFailure is not { } ask)
        {
            return error is IOException or (TimeoutException and not PoolTimeoutException);
        }

        var isFailure = false;
        UserCode.Run(hub, endPoint, () => isFailure = ask(error));
        return isFailure;
    }
}
