namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A connection that is lent to one caller at a time.</summary>
internal sealed class LeasedConnection(Connection connection, Pipeline<RespValue> pipeline, long? id) : IDisposable
{
    public Pipeline<RespValue> Pipeline => pipeline;

    /// <summary>The server's number for it; null: the server does not tell.</summary>
    public long? Id => id;

    /// <summary>Whether something was said that holds for whatever follows.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Whether keys are watched.</summary>
    public bool IsWatching { get; set; }

    public bool IsUsable => pipeline.IsIdle && !IsChanged && !IsWatching;

    /// <summary>Ends it at once: what its command would have done, it does not do.</summary>
    public void Dispose()
    {
        connection.Abort();
        pipeline.Dispose();
    }
}
