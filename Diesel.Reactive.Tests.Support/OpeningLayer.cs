using System.Reactive;

namespace Diesel.Reactive.Tests;

/// <summary>A layer that changes nothing, and opens when it is told to.</summary>
internal sealed class OpeningLayer
{
    private readonly AwaitableSource<Unit> _opened = new();

    public bool IsOpen { get; init; }

    public ILayer Over(ITransport transport)
    {
        if (IsOpen)
        {
            Open();
        }

        return new Plain(transport, _opened);
    }

    public void Open() => _opened.TrySetResult(Unit.Default);

    public void Fail(Exception error) => _opened.TrySetException(error);

    private sealed class Plain(ITransport below, IObservable<Unit> opened) : ILayer
    {
        public IObservable<Unit> Opened => opened;

        public System.Net.EndPoint LocalEndPoint => below.LocalEndPoint;

        public System.Net.EndPoint RemoteEndPoint => below.RemoteEndPoint;

        public long UntakenBytes => below.UntakenBytes;

        public void Start(ITransportHandler handler) => below.Start(handler);

        public void Receive() => below.Receive();

        public int Send(ReadOnlySpan<byte> bytes) => below.Send(bytes);

        public void ShutdownSend() => below.ShutdownSend();

        public void Close() => below.Close();

        public void Abort() => below.Abort();
    }
}
