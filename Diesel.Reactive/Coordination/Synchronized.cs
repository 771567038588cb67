using System.Runtime.CompilerServices;

namespace Diesel.Reactive;

/// <summary>A lock by key: equal keys on one hub are one lock.</summary>
/// <remarks>The lock exists while somebody holds it or waits for it, and is freed after that (diesel kept one per key for
/// ever). Otherwise as a <see cref="Semaphore"/> of one. Idea: diesel's <c>synchronized</c>.</remarks>
public sealed class Synchronized : ILock
{
    private static readonly ConditionalWeakTable<Hub, Dictionary<object, Permits>> Tables = [];
    private static readonly object NoKey = new();

    private readonly Hub _hub;
    private readonly object _key;
    private readonly Dictionary<object, Permits> _table;

    /// <summary>Names a lock; makes nothing yet.</summary>
    /// <param name="key">What it is found by, compared by equality; null for the one lock without a key.</param>
    /// <param name="hub">Where it lives; null for the current hub, or the default one.</param>
    public Synchronized(object? key = null, Hub? hub = null)
    {
        (_hub, _key) = (Hub.Of(hub), key ?? NoKey);
        _table = Tables.GetOrCreateValue(_hub);
    }

    /// <summary>Whether one would have to wait. The hub's thread only.</summary>
    public bool IsLocked => _table.TryGetValue(_key, out var permits) && !permits.IsReady;

    internal static int CountOn(Hub hub) => Tables.TryGetValue(hub, out var table) ? table.Count : 0;

    /// <inheritdoc/>
    public Awaitable<IDisposable> Acquire(TimeSpan? timeout = null) => new Acquiring(this, Waits.For(timeout));

    /// <summary>Its key, as errors show it.</summary>
    public override string ToString() => _key == NoKey ? "the lock without a key" : $"the lock '{_key}'";

    private Permits Present()
    {
        if (!_table.TryGetValue(_key, out var permits))
        {
            permits = new Permits(_hub, 1, () => _table.Remove(_key));
            _table.Add(_key, permits);
        }

        return permits;
    }

    private sealed class Acquiring(Synchronized owner, TimeSpan timeout) : Wait<IDisposable>(owner._hub, timeout)
    {
        // A lock nobody uses does not exist yet: it is made by being taken, so asking leaves nothing behind.
        protected override bool IsReady => !owner._table.TryGetValue(owner._key, out var permits) || permits.IsReady;

        protected override WaitLine<IDisposable> Line => owner.Present().Line;

        protected override IDisposable Take() => owner.Present().Take();

        protected internal override Exception OnTimeout() => new TimeoutException(
            $"{owner} was not free {Waits.Text(Limit)}.");

        public override string ToString() => $"waiting for {owner}";
    }
}
