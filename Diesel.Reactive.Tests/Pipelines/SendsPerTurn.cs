using System.Net;
using System.Reflection;

namespace Diesel.Reactive.Tests;

/// <summary>Counts what is handed to transports more than once in a turn.</summary>
internal sealed class SendsPerTurn
{
    /// <summary>Calls of <see cref="ITransport.Send(ReadOnlySpan{byte})"/> that were not the first of their connection and turn.</summary>
    public int Further { get; private set; }

    public ITransport Over(ITransport transport, Hub hub) => new Counted(this, transport, hub);

    private static long TurnOf(Hub hub) => ((Turns)typeof(Hub).GetField("_turns", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(hub)!).Epoch;

    private sealed class Counted(SendsPerTurn counts, ITransport inner, Hub hub) : ITransport
    {
        private long _last;

        public EndPoint LocalEndPoint => inner.LocalEndPoint;

        public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

        public long UntakenBytes => inner.UntakenBytes;

        public void Start(ITransportHandler handler) => inner.Start(handler);

        public void Receive() => inner.Receive();

        public void Discard() => inner.Discard();

        public int Send(ReadOnlySpan<byte> bytes)
        {
            Count();
            return inner.Send(bytes);
        }

        public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
        {
            Count();
            return inner.Send(segments);
        }

        public void ShutdownSend() => inner.ShutdownSend();

        public void Close() => inner.Close();

        public void Abort() => inner.Abort();

        private void Count()
        {
            var turn = TurnOf(hub);
            counts.Further += turn == _last ? 1 : 0;
            _last = turn;
        }
    }
}
