namespace Diesel.Reactive.Protocols.Riak;

/// <summary>A connection that is ready, for one call at a time: replies have no number.</summary>
internal sealed class RiakConnection(Connection connection, RiakOptions options, Bytes? clientId) : IDisposable
{
    private static readonly Correlation<RiakFrame> InOrder = Correlation.InOrder<RiakFrame>();

    /// <summary>What it has called itself.</summary>
    public Bytes? ClientId => clientId;

    // What was given up is not read on: the late reply would be the next caller's.
    public Pipeline<RiakFrame> Pipeline { get; } = new(
        connection,
        new RiakFraming(options.MaxFrame),
        InOrder,
        new()
        {
            MaxInFlight = 1, Abandoned = Abandoned.Close, MaxQueuedBytes = long.MaxValue,
            ReplyTimeout = options.StreamTimeout == Timeout.InfiniteTimeSpan ? options.StreamTimeout : options.StreamTimeout + options.TimeoutMargin,
        });

    /// <summary>Whether nothing is under way.</summary>
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
