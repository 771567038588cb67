namespace Diesel.Reactive.Protocols;

/// <summary>A pool of connections to a database, as <see cref="DatabaseTelemetry"/> publishes it. Any thread.</summary>
public sealed class DatabasePool : IDisposable
{
    private readonly PoolMeter _meter;

    internal DatabasePool(PoolMeter meter, KeyValuePair<string, object?> name) => (_meter, Name) = (meter, name);

    /// <summary>Whether somebody wants to know how long connections are waited for, and used.</summary>
    public bool IsObserved => _meter.WaitTime.Enabled || _meter.UseTime.Enabled;

    internal KeyValuePair<string, object?> Name { get; }

    /// <summary>A connection is ready.</summary>
    /// <param name="took">Since it was begun.</param>
    public void Created(TimeSpan took) => _meter.CreateTime.Record(took.TotalSeconds, Name);

    /// <summary>A connection was lent.</summary>
    /// <param name="took">How long it was waited for.</param>
    public void Waited(TimeSpan took) => _meter.WaitTime.Record(took.TotalSeconds, Name);

    /// <summary>A connection came back.</summary>
    /// <param name="took">How long it was lent.</param>
    public void Used(TimeSpan took) => _meter.UseTime.Record(took.TotalSeconds, Name);

    /// <summary>Its numbers are not published any more.</summary>
    public void Dispose() => _meter.Leave(this);
}
