using System.Net;

namespace Diesel.Reactive.Tests;

/// <summary>A transport that takes what it is given, or as much as it is told to, and counts the calls.</summary>
internal sealed class Sink : ITransport
{
    private ITransportHandler? _handler;

    public EndPoint LocalEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 1);

    public EndPoint RemoteEndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 2);

    public long UntakenBytes => 0;

    /// <summary>How often it was given something.</summary>
    public int Calls { get; private set; }

    /// <summary>Bytes it has taken.</summary>
    public long Taken { get; private set; }

    /// <summary>Where the segments of the last call lie.</summary>
    public List<ReadOnlyMemory<byte>> Segments { get; } = [];

    public void Start(ITransportHandler handler) => _handler = handler;

    public void Fails(ConnectionException error) => _handler!.OnFailed(error);

    public void Receive()
    {
    }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        Calls++;
        Taken += bytes.Length;
        return bytes.Length;
    }

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
    {
        Calls++;
        Segments.Clear();
        Segments.AddRange(segments);
        var length = 0;
        foreach (var segment in segments)
        {
            length += segment.Length;
        }

        Taken += length;
        return length;
    }

    public void ShutdownSend()
    {
    }

    public void Close()
    {
    }

    public void Abort()
    {
    }
}
