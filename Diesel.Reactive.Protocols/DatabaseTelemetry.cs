using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Diesel.Reactive.Protocols;

/// <summary>Publishes what the clients of a kind of database do, for packages of their own: one meter and one source of spans, by the names of OpenTelemetry.</summary>
/// <remarks>One for all clients there are, as a static member. Any thread. Without a listener nothing is made: <see cref="Begin"/> gives null, and a pool's
/// <see cref="DatabasePool.IsObserved"/> is false. Source: OpenTelemetry semantic conventions 1.4x, "Database client metrics" and "Database client spans".</remarks>
public sealed class DatabaseTelemetry
{
    private readonly Meter _meter;
    private readonly PoolMeter _pools;
    private readonly string _system;

    /// <summary>Makes the meter and the source.</summary>
    /// <param name="name">What both are called: as the package.</param>
    /// <param name="system">The kind of database: <c>riak</c>.</param>
    /// <param name="version">The package's; null: it is not told.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> or <paramref name="system"/> is null or empty.</exception>
    public DatabaseTelemetry(string name, string system, string? version = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(system);
        (_meter, _system, Activities) = (new(name, version), system, new(name, version));
        Duration = ClientTelemetry.Seconds(_meter, "db.client.operation.duration", "Duration of database client operations.");
        _pools = new(_meter);
    }

    /// <summary>Whether somebody wants to know of operations.</summary>
    public bool IsObserved => Duration.Enabled || Activities.HasListeners();

    internal ActivitySource Activities { get; }

    internal Histogram<double> Duration { get; }

    /// <summary>An operation begins: a span, and a measurement when it ends.</summary>
    /// <param name="operation">What it is called: <c>Get</c>.</param>
    /// <param name="collection">In which collection, table or bucket; null: in none. Shows in the span's name.</param>
    /// <param name="space">In which database, or whatever stands above the collection; null: there is none.</param>
    /// <param name="clock">What times are read from.</param>
    /// <returns>Null: nobody wants to know.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="operation"/> or <paramref name="clock"/> is null.</exception>
    public DatabaseOperation? Begin(string operation, string? collection, string? space, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(clock);
        if (!IsObserved)
        {
            return null;
        }

        var tags = new TagList { { "db.system.name", _system }, { "db.operation.name", operation } };
        if (space is not null)
        {
            tags.Add("db.namespace", space);
        }

        if (collection is not null)
        {
            tags.Add("db.collection.name", collection);
        }

        return new(this, collection is null ? operation : $"{operation} {collection}", tags, clock);
    }

    /// <summary>Publishes the numbers of a pool of connections, until it is disposed or nobody knows it any more. Those of one name are one to whoever looks.</summary>
    /// <param name="name">Of which server: <c>host:port</c>.</param>
    /// <param name="counts">Its numbers now. Any thread.</param>
    /// <returns>Takes its times. Keep it as long as the pool.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public DatabasePool Watch(string name, Func<PoolCounts> counts)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(counts);
        return _pools.Watch(name, counts);
    }
}
