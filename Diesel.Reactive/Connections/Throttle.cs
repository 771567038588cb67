namespace Diesel.Reactive;

/// <summary>What slows down one direction of a connection: the slowest of the limits that are set.</summary>
/// <param name="hub">Keeps the time.</param>
/// <param name="goOn">Called when bytes may pass again.</param>
internal sealed class Throttle(Hub hub, Action goOn)
{
    // A connection that waits holds it.
    private const int OwnRoom = 4 * 1024;

    private readonly List<TokenBucket> _buckets = [];
    private IDisposable? _timer;

    /// <summary>It keeps bytes from passing now.</summary>
    public bool IsWaiting => _timer is not null;

    public void Add(TokenBucket bucket) => _buckets.Add(bucket);

    public void Remove(TokenBucket bucket)
    {
        _buckets.Remove(bucket);
        Changed();
    }

    /// <summary>A limit is another than before: who waits may have waited long enough.</summary>
    public void Changed()
    {
        if (_timer is { } timer)
        {
            timer.Dispose();
            _timer = null;
            Await();
        }
    }

    /// <summary>How many bytes may pass now.</summary>
    public int Allowance(int most)
    {
        var now = hub.Elapsed;
        foreach (var bucket in _buckets)
        {
            most = bucket.Allowance(most, now);
        }

        return most;
    }

    /// <summary>Room for as many bytes as may pass now; false: none.</summary>
    /// <param name="room">Where they are to lie; empty: anywhere.</param>
    /// <param name="most">It, if nothing is bounded; a part of it, or a little room of its own.</param>
    public bool TryBound(Memory<byte> room, out Memory<byte> most)
    {
        var wanted = room.IsEmpty ? Slab.Size : room.Length;
        var allowed = Allowance(wanted);
        most = allowed is 0 || allowed == wanted ? room
            : room.IsEmpty ? GC.AllocateUninitializedArray<byte>(Math.Min(allowed, OwnRoom))
            : room[..allowed];
        return allowed > 0;
    }

    public void Spend(long count)
    {
        foreach (var bucket in _buckets)
        {
            bucket.Spend(count);
        }
    }

    /// <summary>Waits until bytes may pass; waiting already, nothing happens.</summary>
    public void Await()
    {
        if (IsWaiting)
        {
            return;
        }

        var now = hub.Elapsed;
        var wait = _buckets.Count == 0 ? TimeSpan.Zero : _buckets.Max(bucket => bucket.Wait(now));
        _timer = hub.StartTimer(wait, static t => ((Throttle)t!).GoOn(), this);
    }

    private void GoOn()
    {
        _timer = null;
        goOn();
    }
}
