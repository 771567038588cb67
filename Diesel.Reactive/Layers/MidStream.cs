using System.Net;
using Microsoft.Win32.SafeHandles;

namespace Diesel.Reactive;

/// <summary>What a layer lies over that is laid in mid-stream: a transport that goes on, behind what was received of it and not read.</summary>
internal sealed class MidStream : ITransport, ITransportHandler
{
    private readonly ITransport _inner;
    private readonly Hub _hub;
    private ITransportHandler _handler = null!;
    private FrameBuffer _unread;
    private bool _asked;
    private bool _wanted;
    private bool _ended;
    private bool _closed;

    /// <param name="inner">Started, with somebody else as its handler.</param>
    /// <param name="rest">What came of it and was not read.</param>
    /// <param name="hub">Where it lives.</param>
    public MidStream(ITransport inner, UnreadRest rest, Hub hub)
    {
        (_inner, _hub, _asked, _ended) = (inner, hub, rest.IsAsked, rest.HasEnded);
        _unread.Append(rest.Bytes);
    }

    public EndPoint LocalEndPoint => _inner.LocalEndPoint;

    public EndPoint RemoteEndPoint => _inner.RemoteEndPoint;

    public long UntakenBytes => _inner.UntakenBytes;

    public override string? ToString() => _inner.ToString();

    public void Start(ITransportHandler handler)
    {
        _handler = handler;
        _inner.Start(this);
        if (_ended)
        {
            TellLater();
        }
    }

    public void Receive()
    {
        if (!AskHere())
        {
            _inner.Receive();
        }
    }

    public void Receive(Memory<byte> room)
    {
        if (!AskHere())
        {
            _inner.Receive(room);
        }
    }

    public void Discard()
    {
        if (!AskHere())
        {
            _inner.Discard();
        }
    }

    public int Send(ReadOnlySpan<byte> bytes) => _inner.Send(bytes);

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments) => _inner.Send(segments);

    public bool TrySendFile(SafeFileHandle file, long offset, long count, out long taken) => _inner.TrySendFile(file, offset, count, out taken);

    public void ShutdownSend() => _inner.ShutdownSend();

    public void Close()
    {
        _closed = true;
        _inner.Close();
    }

    public void Abort()
    {
        _closed = true;
        _inner.Abort();
    }

    public T? Feature<T>()
        where T : class => _inner.Feature<T>();

    public void OnReceived(ReadOnlyMemory<byte> chunk)
    {
        _asked = false;
        if (chunk.IsEmpty)
        {
            _ended = true;
            TellEnd();
        }
        else if (_wanted && _unread.Length == 0)
        {
            _wanted = false;
            _handler.OnReceived(chunk);
        }
        else
        {
            _unread.Append(chunk);
        }
    }

    public void OnPeerEnded() => _handler.OnPeerEnded();

    public void OnWritable(int sent) => _handler.OnWritable(sent);

    public void OnFailed(ConnectionException error)
    {
        TellUnread();
        TellEnd();
        if (!_closed)
        {
            _closed = true;
            _handler.OnFailed(error);
        }
    }

    /// <returns>Whether the answer is here, or under way.</returns>
    private bool AskHere()
    {
        _wanted = true;
        if (_unread.Length > 0 || _ended)
        {
            TellLater();
            return true;
        }

        var isAsked = _asked;
        _asked = true;
        return isAsked;
    }

    private void TellLater() => _hub.Post(static m => ((MidStream)m!).Tell(), this);

    private void Tell()
    {
        if (_wanted)
        {
            TellUnread();
        }

        TellEnd();
    }

    private void TellUnread()
    {
        if (_unread.Length > 0 && !_closed)
        {
            _wanted = false;
            _unread.ShowAll();
            var bytes = _unread.Shown;
            _unread.Advance(bytes.Length);
            _handler.OnReceived(bytes);
        }
    }

    private void TellEnd()
    {
        if (_ended && _unread.Length == 0 && !_closed)
        {
            (_ended, _wanted) = (false, false);
            _handler.OnReceived(default);
        }
    }
}

/// <summary>What was received of a transport and not read, when somebody else goes on with it.</summary>
/// <param name="Bytes">In order; may be empty.</param>
/// <param name="IsAsked">It was asked for a chunk, which is still to come.</param>
/// <param name="HasEnded">It has told the peer's end.</param>
internal readonly record struct UnreadRest(ReadOnlyMemory<byte> Bytes, bool IsAsked, bool HasEnded);
