using System.Net;
using System.Reactive;
using System.Text;

namespace Diesel.Reactive.Tests;

/// <summary>A layer with a handshake, for tests: each side says <c>X</c> and its key, which all it sends then is xored with.</summary>
internal sealed class XorLayer(ITransport below, Hub hub, byte key) : ILayer, ITransportHandler
{
    private readonly AwaitableSource<Unit> _opened = new("an open layer");
    private readonly List<byte> _unread = [];
    private ITransportHandler _handler = null!;
    private ReadOnlyMemory<byte> _hello = new[] { (byte)'X', key };
    private byte? _theirs;
    private bool _isFull;
    private bool _isAsked;
    private bool _isWanted;
    private bool _hasEnded;
    private bool _isClosed;

    public IObservable<Unit> Opened => _opened;

    public EndPoint LocalEndPoint => below.LocalEndPoint;

    public EndPoint RemoteEndPoint => below.RemoteEndPoint;

    public long UntakenBytes => below.UntakenBytes;

    private bool IsOpen => _theirs is not null && _hello.IsEmpty;

    /// <summary>For <see cref="ConnectionLayers.Upgrade(Connection, Func{ITransport, Hub, ITransport}, UnreadInput)"/>.</summary>
    public static Func<ITransport, Hub, ITransport> Of(byte key) => (below, hub) => new XorLayer(below, hub, key);

    /// <summary>What it makes of a text.</summary>
    public static byte[] Bytes(byte key, string text) => [.. Encoding.Latin1.GetBytes(text).Select(b => (byte)(b ^ key))];

    /// <summary>The same with the greeting before it, as a peer would send it.</summary>
    public static byte[] Opening(byte key, string text) => [(byte)'X', key, .. Bytes(key, text)];

    public void Start(ITransportHandler handler)
    {
        _handler = handler;
        below.Start(this);
        Greet();
        Ask();
    }

    public void Receive()
    {
        _isWanted = true;
        hub.Post(_ => Tell());
        Ask();
    }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        if (!IsOpen)
        {
            _isFull = true;
            return 0;
        }

        var coded = new byte[bytes.Length];
        for (var i = 0; i < coded.Length; i++)
        {
            coded[i] = (byte)(bytes[i] ^ key);
        }

        return below.Send(coded);
    }

    public void ShutdownSend() => below.ShutdownSend();

    public void Close()
    {
        _isClosed = true;
        below.Close();
    }

    public void Abort()
    {
        _isClosed = true;
        below.Abort();
    }

    public T? Feature<T>()
        where T : class => new XorKey(_theirs) as T ?? below.Feature<T>();

    public void OnReceived(ReadOnlyMemory<byte> chunk)
    {
        _isAsked = false;
        _hasEnded |= chunk.IsEmpty;
        _unread.AddRange(chunk.Span);
        if (_theirs is null)
        {
            Meet();
        }

        Tell();
        if (_theirs is null || _isWanted)
        {
            Ask();
        }
    }

    public void OnPeerEnded() => _handler.OnPeerEnded();

    public void OnWritable(int sent)
    {
        if (_hello.IsEmpty)
        {
            _handler.OnWritable(sent);
            return;
        }

        _hello = _hello[sent..];
        Greet();
        Open();
    }

    public void OnFailed(ConnectionException error)
    {
        while (_theirs is not null && _unread.Count > 0 && !_isClosed)
        {
            TellChunk();
        }

        if (!_isClosed)
        {
            _isClosed = true;
            _handler.OnFailed(error);
        }
    }

    private void Greet() => _hello = _hello[below.Send(_hello.Span)..];

    private void Meet()
    {
        if (_unread.Count >= 2 && _unread[0] == 'X')
        {
            _theirs = _unread[1];
            _unread.RemoveRange(0, 2);
            Open();
        }
        else if (_hasEnded || (_unread.Count > 0 && _unread[0] != 'X'))
        {
            _opened.TrySetException(new ProtocolException("The peer does not know the layer."));
        }
    }

    private void Open()
    {
        if (!IsOpen || !_opened.TrySetResult(Unit.Default))
        {
            return;
        }

        if (_isFull)
        {
            _isFull = false;
            _handler.OnWritable(0);
        }
    }

    private void Ask()
    {
        if (!_isAsked && !_hasEnded && !_isClosed && _unread.Count < 2)
        {
            _isAsked = true;
            below.Receive();
        }
    }

    private void Tell()
    {
        if (_isClosed || _theirs is null)
        {
            return;
        }

        if (_isWanted && _unread.Count > 0)
        {
            TellChunk();
        }
        else if (_hasEnded && _unread.Count == 0)
        {
            _isWanted = false;
            _handler.OnReceived(default);
        }
    }

    private void TellChunk()
    {
        _isWanted = false;
        var chunk = _unread.Select(b => (byte)(b ^ _theirs!.Value)).ToArray();
        _unread.Clear();
        _handler.OnReceived(chunk);
    }
}

/// <summary>What an <see cref="XorLayer"/> knows.</summary>
/// <param name="Theirs">The peer's key; null before the layer is open.</param>
internal sealed record XorKey(byte? Theirs);
