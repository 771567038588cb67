namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A connection that is ready, for one call at a time.</summary>
internal sealed class MongoConnection(int id, Connection connection, MongoHello hello, MongoOptions options) : IDisposable
{
    // One call at a time, which the server's protocol demands: so the first in line is whose reply it is, if it says so itself.
    private static readonly Correlation<MongoMessage> InOrder = Correlation.InOrder<MongoMessage>();
    private static readonly PipelineOptions Pipelining = new()
    {
        MaxInFlight = 1, Abandoned = Abandoned.Close, ReplyTimeout = Timeout.InfiniteTimeSpan, MaxQueuedBytes = long.MaxValue,
    };

    public int Id => id;

    /// <summary>When it was made, as its pool counts.</summary>
    public int Generation { get; set; }

    public MongoHello Hello => hello;

    public Connection Connection => connection;

    public MongoCompressor Compressor { get; } = hello.Compressor(options.Compressor);

    public Pipeline<MongoMessage> Pipeline { get; } = new(
        connection, new MongoFraming(MongoCodec.MaxLength, hello.Compressor(options.Compressor)), InOrder, Pipelining);

    public bool IsUsable => Pipeline.IsIdle;

    /// <summary>Ends it: at once when it is in the middle of something.</summary>
    public void Dispose()
    {
        if (!Pipeline.IsIdle)
        {
            connection.Abort();
        }

        Pipeline.Dispose();
    }
}
