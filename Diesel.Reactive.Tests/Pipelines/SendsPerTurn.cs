using System.Net;
using System.Reflection;

namespace Diesel.Reactive.Tests;

/// <summary>Counts what is handed to transports in a turn more often than law 7 says: once, or twice where the first is long.</summary>
internal sealed class SendsPerTurn
{
    private const int Long = 4 * 1024;

    /// <summary>Calls of <see cref="ITransport.Send(ReadOnlySpan{byte})"/> that were neither the first of their connection and turn, nor the second behind a long one.</summary>
    public int Further { get; private set; }

    public ITransport Over(ITransport transport, Hub hub) => new Counted(this, transport, hub);

    private static long TurnOf(Hub hub) => ((Turns)typeof(Hub).GetField("_turns", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(hub)!).Epoch;

    private sealed class Counted(SendsPerTurn counts, ITransport inner, Hub hub) : ITransport
    {
        private long _last;
        private bool _isLong;

        public EndPoint LocalEndPoint => inner.LocalEndPoint;

        public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

        public long UntakenBytes => inner.UntakenBytes;

        public void Start(ITransportHandler handler) => inner.Start(handler);

        public void Receive() => inner.Receive();

        public void Discard() => inner.Discard();

        public int Send(ReadOnlySpan<byte> bytes)
        {
            Count(bytes.Length);
            return inner.Send(bytes);
        }

        public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
        {
            var length = 0;
            foreach (var segment in segments)
            {
                length += segment.Length;
            }

            Count(length);
            return inner.Send(segments);
        }

        public void ShutdownSend() => inner.ShutdownSend();

        public void Close() => inner.Close();

        public void Abort() => inner.Abort();

        private void Count(int length)
        {
            var isFurther = TurnOf(hub) is var turn && turn == _last;
            counts.Further += isFurther && !_isLong ? 1 : 0;
            (_last, _isLong) = (turn, !isFurther && length >= Long);
        }
    }
}
