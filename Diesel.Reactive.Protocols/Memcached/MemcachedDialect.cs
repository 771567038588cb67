using System.Net;
using System.Text;

namespace Diesel.Reactive.Protocols.Memcached;

/// <summary>How a memcached client connects.</summary>
internal sealed class MemcachedDialect(EndPoint server, MemcachedOptions options) : IClientDialect<MemcachedReply>
{
    private static readonly Correlation<MemcachedReply> InOrder = Correlation.InOrder<MemcachedReply>();

    private readonly MemcachedReplyFraming _framing = new(options.Limits);

    public EndPoint Server => server;

    public ProtocolOptions Options => options;

    public PipelineOptions Pipelining { get; } = new()
    {
        MaxInFlight = options.MaxInFlight,
        MaxQueuedCalls = options.MaxQueuedCalls,
        MaxQueuedBytes = options.MaxQueuedBytes,
        ReplyTimeout = options.Timeout,
        CloseTimeout = options.CloseTimeout,
    };

    // ASCII authentication: a set of any key whose value is the name and the password.
    public async Task Prepare(Connection connection)
    {
        if (options.User is null)
        {
            return;
        }

        var secret = $"{options.User} {options.Password}";
        connection.OnNext($"set auth 0 0 {Encoding.UTF8.GetByteCount(secret)}\r\n{secret}\r\n".ToBytes());
        var reply = await connection.Read(_framing).Timeout(options.ConnectTimeout);
        if (!reply.Line.Span.SequenceEqual("STORED"u8))
        {
            throw new MemcachedErrorException($"{reply}");
        }
    }

    public Pipeline<MemcachedReply> Begin(Connection connection, CallQueue<MemcachedReply> queue) => new(connection, _framing, InOrder, Pipelining, queue);

    public bool IsFinal(Exception failure) => failure is ProtocolException or MemcachedErrorException;
}
