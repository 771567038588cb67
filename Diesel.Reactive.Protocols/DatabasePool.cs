namespace Diesel.Reactive.Protocols;

/// <summary>A pool of connections to a database, as <see cref="DatabaseTelemetry"/> publishes it. Any thread.</summary>
public sealed class DatabasePool : IDisposable
{
    private readonly DatabaseTelemetry _telemetry;

    internal DatabasePool(DatabaseTelemetry telemetry, KeyValuePair<string, object?> name) => (_telemetry, Name) = (telemetry, name);

    /// <summary>Whether somebody wants to know how long connections are waited for, and used.</summary>
    public bool IsObserved => _telemetry.WaitTime.Enabled || _telemetry.UseTime.Enabled;

    internal KeyValuePair<string, object?> Name { get; }

    /// <summary>A connection is ready.</summary>
    /// <param name="took">Since it was begun.</param>
    public void Created(TimeSpan took) => _telemetry.CreateTime.Record(took.TotalSeconds, Name);

    /// <summary>A connection was lent.</summary>
    /// <param name="took">How long it was waited for.</param>
    public void Waited(TimeSpan took) => _telemetry.WaitTime.Record(took.TotalSeconds, Name);

    /// <summary>A connection came back.</summary>
    /// <param name="took">How long it was lent.</param>
    public void Used(TimeSpan took) => _telemetry.UseTime.Record(took.TotalSeconds, Name);

    /// <summary>Its numbers are not published any more.</summary>
    public void Dispose() => _telemetry.Leave(this);
}
