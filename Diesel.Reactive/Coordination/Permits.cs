namespace Diesel.Reactive;

/// <summary>A number of permits and the line of those who wait for one; when all are back and nobody waits, it is idle.
/// The hub's thread only.</summary>
internal sealed class Permits(Hub hub, int count, Action? idle = null)
{
    public WaitLine<IDisposable> Line { get; } = new();

    public int Free { get; private set; } = count;

    public int Count { get; } = count;

    public bool IsReady => Free > 0 && Line.IsEmpty;

    public IDisposable Take()
    {
        Free--;
        return new Permit(this);
    }

    // The permit passes from hand to hand: nobody can slip in before the first in line.
    private void Release()
    {
        if (Line.ClaimFirst() is { } next)
        {
            next.Deliver(new Permit(this));
        }
        else if (++Free == Count)
        {
            idle?.Invoke();
        }
    }

    private sealed class Permit(Permits permits) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                permits.Invoke();
            }
        }
    }

    private void Invoke() => hub.Invoke(static p => ((Permits)p!).Release(), this);
}
