namespace Diesel.Reactive;

/// <summary>A cancellation token that is made when somebody asks for it, and cancelled once. What its callbacks throw is
/// reported.</summary>
internal sealed class OneTimeToken(Hub hub, object owner)
{
    private CancellationTokenSource? _source;
    private volatile bool _cancelled;

    public bool IsCancelled => _cancelled;

    public CancellationToken Token
    {
        get
        {
            if (_source is null)
            {
                Interlocked.CompareExchange(ref _source, new CancellationTokenSource(), null);
                if (_cancelled)
                {
                    _source.Cancel();
                }
            }

            return _source.Token;
        }
    }

    public void Cancel()
    {
        if (_cancelled)
        {
            return;
        }

        _cancelled = true;
        try
        {
            _source?.Cancel();
        }
        catch (AggregateException errors)
        {
            foreach (var error in errors.InnerExceptions)
            {
                hub.Report(error, Label.Of(owner));
            }
        }
    }
}
