namespace Diesel.Reactive;

/// <summary>A cancellation token that is made when somebody asks for it, on any thread, and cancelled once. What its callbacks throw
/// is reported. A field, not a value to hand around.</summary>
internal struct OneTimeToken
{
    // Of all that were cancelled before anybody had asked.
    private static readonly CancellationTokenSource Cancelled = NewCancelled();

    private CancellationTokenSource? _source;

    public readonly bool IsCancelled => Volatile.Read(in _source) is { IsCancellationRequested: true };

    public CancellationToken Token
    {
        get
        {
            if (Volatile.Read(ref _source) is null)
            {
                Interlocked.CompareExchange(ref _source, new CancellationTokenSource(), null);
            }

            return _source!.Token;
        }
    }

    public void Cancel(Hub hub, object owner)
    {
        if (Interlocked.CompareExchange(ref _source, Cancelled, null) is { IsCancellationRequested: false } source)
        {
            UserCode.Run(hub, owner, source.Cancel);
        }
    }

    private static CancellationTokenSource NewCancelled()
    {
        var source = new CancellationTokenSource();
        source.Cancel();
        return source;
    }
}
