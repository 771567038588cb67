using System.Net;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>A connection whose peer is the test: it feeds chunks, and sees whether more are asked for.</summary>
internal sealed class CoordinationTransport : ITransport
{
    private readonly Hub _hub;
    private readonly System.Collections.Generic.Queue<byte[]> _chunks = new();
    private ITransportHandler _handler = null!;

    private CoordinationTransport(Hub hub) => _hub = hub;

    public EndPoint LocalEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

    public EndPoint RemoteEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 2);

    public bool IsAsked { get; private set; }

    public int Unread => _chunks.Count;

    /// <summary>On the hub's thread only.</summary>
    public static IConnection Connect(Hub hub, out CoordinationTransport peer) =>
        new Connection(hub, peer = new CoordinationTransport(hub), new ConnectionOptions());

    /// <summary>Nothing ends the stream.</summary>
    public void Feed(string text)
    {
        _chunks.Enqueue(Encoding.ASCII.GetBytes(text));
        Pass();
    }

    public void Start(ITransportHandler handler) => _handler = handler;

    public void Receive()
    {
        IsAsked = true;
        Pass();
    }

    public int Send(ReadOnlySpan<byte> bytes) => bytes.Length;

    public void ShutdownSend()
    {
    }

    public void Close()
    {
    }

    public void Abort()
    {
    }

    private void Pass()
    {
        if (IsAsked && _chunks.TryDequeue(out var chunk))
        {
            IsAsked = false;
            _hub.Post(_ => _handler.OnReceived(chunk));
        }
    }
}
