using System.Buffers;
using System.Net;
using System.Reactive;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A connection to a Sentinel, kept to hear of it when there is another primary. The hub's thread only.</summary>
internal sealed class SentinelWatch : IDisposable
{
    private readonly Reconnecting<Heard> _connection;

    /// <param name="sentinel">Which.</param>
    /// <param name="service">What is watched.</param>
    /// <param name="options">As whom.</param>
    /// <param name="hub">Where.</param>
    /// <param name="told">Is told who is the primary now; null: what was said before may have been missed.</param>
    public SentinelWatch(EndPoint sentinel, string service, RedisOptions options, Hub hub, Action<EndPoint?> told) => _connection = new Reconnecting<Heard>(
        [sentinel],
        connection => Listen(connection, service, options, hub, told),
        static heard => heard.Ended,
        options: new() { KeepConnected = true, Backoff = options.Reconnecting.Backoff },
        connect: options,
        hub: hub);

    public void Dispose() => _connection.Dispose();

    // A Sentinel is asked now and then whether it is there: without that, one that is gone says nothing for ever.
    private static async Task<Heard> Listen(Connection connection, string service, RedisOptions options, Hub hub, Action<EndPoint?> told)
    {
        var framing = new RespFraming(options.Limits);
        await new RedisHandshake(connection, options, framing).Run();
        Say(connection, "SUBSCRIBE", "+switch-master");
        if ((await connection.Read(framing).Timeout(options.ConnectTimeout)).ToException() is { } no)
        {
            throw no;
        }

        told(null);
        return new Heard(connection, framing, options, hub, message =>
        {
            if (SentinelReplies.Switched(message, service) is { } primary)
            {
                told(primary);
            }
        });
    }

    private static void Say(Connection connection, params Bytes[] words)
    {
        var output = new ArrayBufferWriter<byte>();
        RespCodec.WriteCommand(output, words);
        connection.OnNext(output.WrittenMemory);
    }

    /// <summary>What is heard over one connection.</summary>
    private sealed class Heard : IDisposable
    {
        private readonly Connection _connection;
        private readonly AwaitableSource<Unit> _ended = new("the end of a Sentinel's connection");
        private readonly IDisposable _hearing;
        private readonly Loop? _asking;
        private int _unanswered;

        public Heard(Connection connection, RespFraming framing, RedisOptions options, Hub hub, Action<string> told)
        {
            _connection = connection;
            _hearing = connection.Decode(framing).Subscribe(value => Take(value, told), error => _ended.TrySetException(error), () => _ended.TrySetResult(Unit.Default));
            if (options.PingInterval != Timeout.InfiniteTimeSpan)
            {
                _asking = hub.Fork(() => Ask(hub, options.PingInterval), $"asking whether the Sentinel {connection.RemoteEndPoint} is there");
            }
        }

        public Awaitable<Unit> Ended => _ended;

        public void Dispose()
        {
            _asking?.Dispose();
            _hearing.Dispose();
            _connection.Abort();
        }

        // A push in RESP3, an array in RESP2; the reply to PING is something else.
        private void Take(RespValue value, Action<string> told)
        {
            _unanswered = 0;
            if (value.Items is [var word, _, var message] && word.Raw.SequenceEqual("message"u8) && message.Kind == RespKind.BulkString)
            {
                told(message.ToText());
            }
        }

        private async Task Ask(Hub hub, TimeSpan interval)
        {
            while (_unanswered++ < 2)
            {
                Say(_connection, "PING");
                await hub.Sleep(interval);
            }

            _ended.TrySetException(new ConnectionException($"The Sentinel {_connection.RemoteEndPoint} does not answer.", _connection.RemoteEndPoint));
        }
    }
}
