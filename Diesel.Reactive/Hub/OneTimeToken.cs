namespace Diesel.Reactive;

/// <summary>A cancellation token that is made when somebody asks for it, on any thread, and cancelled once. What its callbacks throw
/// is reported. A field, not a value to hand around.</summary>
internal struct OneTimeToken
{
    private CancellationTokenSource? _source;
    private volatile bool _cancelled;

    public readonly bool IsCancelled => _cancelled;

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

    public void Cancel(Hub hub, object owner)
    {
        if (_cancelled)
        {
            return;
        }

        _cancelled = true;

        // Who makes the source after this fence sees the flag; the source of who made it before is seen here.
        Interlocked.MemoryBarrier();
        if (_source is { } source)
        {
            UserCode.Run(hub, owner, source.Cancel);
        }
    }
}
