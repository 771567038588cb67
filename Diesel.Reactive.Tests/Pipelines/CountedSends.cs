using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>Counts what is handed to a transport, and in how many turns.</summary>
internal sealed class CountedSends
{
    private bool _hasSent;

    /// <summary>Calls of <see cref="ITransport.Send"/>.</summary>
    public int Sends { get; private set; }

    /// <summary>Calls of it that were not the first of their turn.</summary>
    public int Further { get; private set; }

    public ITransport Over(ITransport transport, Hub hub) => new Counted(this, transport, hub);

    private void Count(Hub hub)
    {
        Sends++;
        Further += _hasSent ? 1 : 0;
        _hasSent = true;
        hub.Post(_ => _hasSent = false);
    }

    private sealed class Counted(CountedSends counts, ITransport inner, Hub hub) : ITransport
    {
        public EndPoint LocalEndPoint => inner.LocalEndPoint;

        public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

        public long UntakenBytes => inner.UntakenBytes;

        public void Start(ITransportHandler handler) => inner.Start(handler);

        public void Receive() => inner.Receive();

        public void Discard() => inner.Discard();

        public int Send(ReadOnlySpan<byte> bytes)
        {
            counts.Count(hub);
            return inner.Send(bytes);
        }

        public void ShutdownSend() => inner.ShutdownSend();

        public void Close() => inner.Close();

        public void Abort() => inner.Abort();
    }
}
