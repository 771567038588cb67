using System.Buffers;
using System.Reactive.Linq;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>Looking on.</summary>
public static class RedisMonitoring
{
    /// <summary>Tells every command that the server carries out, of anybody (<c>MONITOR</c>). It costs the server much.</summary>
    /// <param name="redis">Where.</param>
    /// <returns>Cold: each subscription has a connection of its own, until it is unsubscribed; without end. Of a cluster, one to each primary.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="redis"/> is null.</exception>
    /// <remarks>Errors: what kept it from connecting, <see cref="RedisErrorException"/>, and <see cref="ReplyLostException"/> when the connection was lost; it is not
    /// made again. Whoever is slower than the server takes <c>ReadAllAsync</c> or <c>ObserveOnBounded</c> with a bound.</remarks>
    public static IObservable<MonitoredCommand> Monitor(this RedisClient redis)
    {
        ArgumentNullException.ThrowIfNull(redis);
        return redis.Topology.Connections.SelectMany(static connection => connection.Pipeline.Stream(new MonitorCall()).Finally(connection.Dispose));
    }

    private sealed class MonitorCall : StreamCall<RespValue, MonitoredCommand>
    {
        private bool _hasBegun;

        protected override TimeSpan Wait => Timeout.InfiniteTimeSpan;

        public override string ToString() => "MONITOR";

        protected override void Write(IBufferWriter<byte> output) => output.Write("*1\r\n$7\r\nMONITOR\r\n"u8);

        protected override bool Read(RespValue reply, IObserver<MonitoredCommand> items)
        {
            if (reply.ToException() is { } no)
            {
                items.OnError(no);
                return true;
            }

            if (_hasBegun)
            {
                items.OnNext(MonitoredCommand.Parse(reply.ToText()));
            }

            _hasBegun = true;
            return false;
        }
    }
}
