using System.Net.Sockets;

namespace Diesel.Reactive.Tests;

/// <summary>One end of a connection, scripted. It reads all it gets until it is told not to, and notes the milliseconds.</summary>
internal sealed class End : ITransportHandler
{
    private readonly TwoHosts _hosts;
    private readonly Hub _hub;
    private readonly List<string> _told = [];
    private bool _inCall;
    private bool _reads = true;
    private bool _asked;

    public End(TwoHosts hosts, Hub hub, ITransport transport)
    {
        (_hosts, _hub, Transport) = (hosts, hub, transport);
        transport.Start(this);
        Ask();
    }

    public ITransport Transport { get; }

    /// <summary>What it was told: chunks, <c>+n</c> for room after n more bytes went out, <c>|</c> for a FIN, <c>#</c> and the
    /// error for a failure.</summary>
    public string Story => string.Join(' ', _told);

    /// <summary>The millisecond of each thing it was told.</summary>
    public List<int> At { get; } = [];

    public End Pauses()
    {
        _reads = false;
        return this;
    }

    public End ReadsOn()
    {
        _reads = true;
        Ask();
        _hosts.Passes();
        return this;
    }

    /// <returns>How many bytes were taken.</returns>
    public int Sends(string text) => Call(() => Transport.Send(text.ToBytes().Span));

    public void Ends() => Call(Transport.ShutdownSend);

    public void Closes() => Call(Transport.Close);

    public void Aborts() => Call(Transport.Abort);

    void ITransportHandler.OnReceived(ReadOnlyMemory<byte> chunk)
    {
        _asked = false;
        Told(chunk.IsEmpty ? "|" : chunk.ToText());
        if (!chunk.IsEmpty && _reads)
        {
            Ask();
        }
    }

    void ITransportHandler.OnWritable(int sent) => Told($"+{sent}");

    void ITransportHandler.OnFailed(ConnectionException error) => Told($"#{((SocketException)error.InnerException!).SocketErrorCode}");

    private void Told(string what)
    {
        Assert.That((Hub.Current, _inCall), Is.EqualTo((_hub, false)), "Told outside its hub, or from within the call.");
        _told.Add(what);
        At.Add(_hosts.Clock.Milliseconds);
    }

    private void Ask()
    {
        if (!_asked)
        {
            _asked = true;
            Call(Transport.Receive);
        }
    }

    private void Call(Action action) => Call(() =>
    {
        action();
        return 0;
    });

    private T Call<T>(Func<T> call)
    {
        _inCall = true;
        try
        {
            return call();
        }
        finally
        {
            _inCall = false;
        }
    }
}
