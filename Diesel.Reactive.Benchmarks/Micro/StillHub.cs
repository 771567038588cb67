using System.Net;

namespace Diesel.Reactive.Benchmarks.Micro;

/// <summary>A hub whose turns are taken by the benchmark itself, on its own thread, with one connection to nowhere.</summary>
internal sealed class StillHub : IEventLoop, ITransport
{
    private Turns _turns = null!;
    private ITransportHandler _handler = null!;

    public StillHub()
    {
        Hub = new Hub(this, null);
        Hub.Invoke(_ => Connection = new Connection(Hub, this, new ConnectionOptions { MaxPendingBytes = long.MaxValue }), null);
        _turns.Run();
    }

    public Hub Hub { get; }

    public Connection Connection { get; private set; } = null!;

    public long SentBytes { get; private set; }

    public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

    public TimeSpan Elapsed => TimeSpan.Zero;

    public bool HasThread => false;

    public bool IsVirtual => true;

    public EndPoint LocalEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

    public EndPoint RemoteEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 2);

    /// <summary>One turn that runs the action.</summary>
    public void Turn(Action<object?> action, object? state = null) => _turns.Run(action, state);

    /// <summary>One turn that runs what was queued.</summary>
    public void Turn() => _turns.Run();

    /// <summary>One turn in which a chunk arrives.</summary>
    public void Receive(ReadOnlyMemory<byte> chunk)
    {
        _chunk = chunk;
        _turns.Run(Deliver, this);
    }

    private ReadOnlyMemory<byte> _chunk;

    private static readonly Action<object?> Deliver = static hub => ((StillHub)hub!)._handler.OnReceived(((StillHub)hub)._chunk);

    void IEventLoop.Start(ITurns turns) => _turns = (Turns)turns;

    INetwork INetworkProvider.CreateNetwork(IHub hub) => SocketNetwork.Provider.CreateNetwork(hub);

    void IEventLoop.RunReady()
    {
    }

    void IEventLoop.Wake()
    {
    }

    long ITransport.UntakenBytes => 0;

    void ITransport.Start(ITransportHandler handler) => _handler = handler;

    void ITransport.Receive()
    {
    }

    int ITransport.Send(ReadOnlySpan<byte> bytes)
    {
        SentBytes += bytes.Length;
        return bytes.Length;
    }

    void ITransport.ShutdownSend()
    {
    }

    void ITransport.Close()
    {
    }

    void ITransport.Abort()
    {
    }

    public void Dispose()
    {
    }
}
