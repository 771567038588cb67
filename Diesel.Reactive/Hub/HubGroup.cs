using System.Reactive.Linq;

namespace Diesel.Reactive;

/// <summary>Several hubs, one per core, for a program that has outgrown one core.</summary>
/// <remarks>One hub is the rule: on it nothing needs a lock. In a group each connection stays on the hub that accepted it,
/// and what the handlers of different connections share is reached from several threads.</remarks>
public sealed class HubGroup : IDisposable
{
    private readonly Hub[] _hubs;
    private int _next = -1;

    /// <summary>Starts the hubs.</summary>
    /// <param name="count">How many; null for one per core.</param>
    /// <param name="options">How each of them runs; its number is put behind the name. Null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public HubGroup(int? count = null, HubOptions? options = null)
    {
        var size = count ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(count));
        options ??= new HubOptions();
        _hubs = [.. Enumerable.Range(1, size).Select(i => new Hub(options with { Name = $"{options.Name} {i}" }))];
    }

    /// <summary>The hubs.</summary>
    public IReadOnlyList<Hub> Hubs => _hubs;

    /// <summary>The errors of all hubs, each on its own hub's thread.</summary>
    public IObservable<HubError> Errors => _hubs.Select(static hub => hub.Errors).Merge();

    /// <summary>One of the hubs, in turn: for clients, say. Any thread.</summary>
    /// <returns>The hub.</returns>
    public Hub Next() => _hubs[(uint)Interlocked.Increment(ref _next) % (uint)_hubs.Length];

    /// <summary>Ends all hubs: aborts what is open on them. Stop the services first, to let their connections end.</summary>
    public void Dispose()
    {
        foreach (var hub in _hubs)
        {
            hub.Dispose();
        }
    }
}
