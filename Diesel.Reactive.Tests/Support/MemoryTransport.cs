using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;

namespace Diesel.Reactive.Tests;

/// <summary>One end of a connection in memory, which behaves as a socket does.</summary>
internal sealed class MemoryTransport : ITransport
{
    private readonly MemoryNetwork _network;
    private readonly Hub _hub;
    private FrameBuffer _incoming;
    private ITransportHandler? _handler;
    private MemoryTransport _other = null!;
    private byte[]? _refused;
    private SocketError _failure;
    private bool _fin;
    private bool _hasEnded;
    private bool _wanted;
    private bool _awake;

    private MemoryTransport(MemoryNetwork network, EndPoint local, EndPoint remote, Hub hub) =>
        (_network, LocalEndPoint, RemoteEndPoint, _hub) = (network, local, remote, hub);

    public EndPoint LocalEndPoint { get; }

    public EndPoint RemoteEndPoint { get; }

    /// <summary>Calls of <see cref="Send"/> so far.</summary>
    public int Sends { get; private set; }

    /// <summary>Whether this end was let go of.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Bytes that wait for this end's reader.</summary>
    public int Unread => _incoming.Length;

    private int Room => Math.Max(_network.Window - _incoming.Length, 0);

    public static (MemoryTransport Client, MemoryTransport Server) Pair(
        MemoryNetwork network, EndPoint client, EndPoint server, Hub clientHub, Hub serverHub)
    {
        var ends = (new MemoryTransport(network, client, server, clientHub), new MemoryTransport(network, server, client, serverHub));
        (ends.Item1._other, ends.Item2._other) = (ends.Item2, ends.Item1);
        return ends;
    }

    public void Start(ITransportHandler handler)
    {
        _handler = handler;
        Wake();
    }

    public void Receive()
    {
        Assert.That(_wanted, Is.False, "Receive was called again before its answer.");
        Assert.That(_hasEnded, Is.False, "Receive was called after the FIN.");
        _wanted = true;
        Wake();
    }

    /// <summary>Takes <see cref="Receive"/> back, which no socket can.</summary>
    public void ReceivesNothing() => _wanted = false;

    public int Send(ReadOnlySpan<byte> bytes)
    {
        Assert.That(_refused, Is.Null, "Send was called again before OnWritable.");
        Sends++;
        if (_other.IsClosed)
        {
            // Who sends to a closed end gets a reset, which takes along what was still on its way here.
            Fail(SocketError.ConnectionReset, losesUnread: true);
            return bytes.Length;
        }

        var taken = Math.Min(bytes.Length, _other.Room);
        _other.Arrive(bytes[..taken]);
        if (taken < bytes.Length)
        {
            _refused = bytes[taken..][..Math.Min(_network.SentInBackground, bytes.Length - taken)].ToArray();
        }

        return taken;
    }

    public void ShutdownSend()
    {
        _other._fin = true;
        _other.Wake();
    }

    public void Close()
    {
        IsClosed = true;
        if (_incoming.Length > 0)
        {
            _other.Fail(SocketError.ConnectionReset, losesUnread: true);
        }
        else
        {
            ShutdownSend();
        }
    }

    public void Abort()
    {
        IsClosed = true;
        _other.Fail(SocketError.ConnectionReset, losesUnread: false);
    }

    private void Arrive(ReadOnlySpan<byte> bytes)
    {
        _incoming.Append(bytes.ToArray());
        Wake();
    }

    private void Fail(SocketError error, bool losesUnread)
    {
        _failure = error;
        if (losesUnread)
        {
            _incoming.Clear();
        }

        Wake();
    }

    private void Wake()
    {
        if (!_awake)
        {
            _awake = true;
            _hub.Schedule(Tell);
        }
    }

    // At most one thing per turn, as from a socket.
    private void Tell()
    {
        _awake = false;
        if (IsClosed || _handler is null)
        {
            return;
        }

        if (_wanted && _incoming.Length > 0)
        {
            TellChunk();
        }
        else if (_failure != SocketError.Success && (_incoming.Length == 0 || _refused is not null))
        {
            IsClosed = true;
            _handler.OnFailed(SocketErrors.Lost(LocalEndPoint, RemoteEndPoint, _failure));
        }
        else if (_fin && _incoming.Length == 0 && !_hasEnded)
        {
            _wanted = false;
            _hasEnded = true;
            _handler.OnReceived(default);
        }
    }

    private void TellChunk()
    {
        var chunk = _incoming.Unread[.._network.Cut(_incoming.Length)];
        _incoming.Advance(chunk.Length);
        _wanted = false;
        _hub.Schedule(_other.TellRoom);
        _handler!.OnReceived(chunk);
        Wake();
    }

    private void TellRoom()
    {
        if (_refused is not null && !IsClosed && _other.Room > 0)
        {
            var sent = Math.Min(_refused.Length, _other.Room);
            _other.Arrive(_refused.AsSpan(0, sent));
            _refused = null;
            _handler!.OnWritable(sent);
        }
    }
}
