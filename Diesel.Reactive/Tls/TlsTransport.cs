using System.Net;
using System.Net.Security;
using System.Reactive;

namespace Diesel.Reactive;

/// <summary>TLS over a transport.</summary>
/// <remarks>The stream that does the work is never waited for once the connection is open: it is asked when a whole record is there, and what it
/// writes is taken, whatever the transport below takes.</remarks>
internal sealed class TlsTransport : ILayer, ITransportHandler, ISendsLater, ISaysEnd
{
    private static readonly TimeSpan LastWordsTime = TimeSpan.FromSeconds(5);

    private readonly ITransport _below;
    private readonly Hub _hub;
    private readonly SslStream _tls;
    private readonly TlsInput _input;
    private readonly TlsReading _reading;
    private readonly TlsOutput _output;
    private readonly TlsAgreement _agreement;
    private ITransportHandler? _handler;
    private TlsInfo? _info;
    private IDisposable? _lastWords;
    private bool _endsOutput;

    public TlsTransport(ITransport below, Hub hub, TlsOptions options, string? name)
    {
        (_below, _hub) = (below, hub);
        var wire = new TlsWire();
        _tls = new SslStream(wire);
        _input = new TlsInput(wire, _tls);
        _reading = new TlsReading(this, below, hub, _input, TlsMemory.Of(hub));
        _output = new TlsOutput(below, wire, _tls);
        _agreement = new TlsAgreement(this, hub, options, name, _tls, wire, _input);
    }

    public TlsPhase Phase { get; private set; }

    public ITransportHandler Handler => _handler!;

    public IObservable<Unit> Opened => _agreement.Opened;

    public EndPoint LocalEndPoint => _below.LocalEndPoint;

    public EndPoint RemoteEndPoint => _below.RemoteEndPoint;

    public long UntakenBytes => Phase == TlsPhase.Over ? 0 : _below.UntakenBytes + _output.Waiting;

    public int Uncounted => _output.Uncounted;

    public bool HasSaidEnd => _input.HasSaidEnd;

    private TlsInfo? Info => _info ??= Phase == TlsPhase.Open ? TlsInfo.Of(_tls) : null;

    public override string? ToString() => _below.ToString();

    public T? Feature<T>()
        where T : class =>
        this as T ?? (typeof(T) == typeof(TlsInfo) ? Info as T : Phase == TlsPhase.Open ? _tls as T : null) ?? _below.Feature<T>();

    public void Start(ITransportHandler handler)
    {
        var isFirst = _handler is null;
        _handler = handler;
        if (isFirst)
        {
            _below.Start(this);
            (_below as ILayer ?? _below.Feature<ILayer>())?.Opened.Subscribe(static _ => { }, _agreement.Refuse);
            _agreement.Begin();
            Ask();
        }
    }

    public void Receive() => _reading.Receive(default);

    public void Receive(Memory<byte> room) => _reading.Receive(room);

    public void Discard()
    {
        _agreement.Refuse(new ObjectDisposedException(ToString(), $"{this} was closed before TLS was agreed on."));
        _reading.Discard();
    }

    public int Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return CanSend() ? _output.Send(bytes) : 0;
        }
        catch (Exception error)
        {
            return FailLater(error);
        }
    }

    public int Send(ReadOnlySpan<ReadOnlyMemory<byte>> segments)
    {
        try
        {
            return CanSend() ? _output.Send(segments) : 0;
        }
        catch (Exception error)
        {
            return FailLater(error);
        }
    }

    public void ShutdownSend()
    {
        _endsOutput = true;
        if (Phase != TlsPhase.Agreeing)
        {
            _output.End(says: Phase == TlsPhase.Open);
        }
    }

    public void Close()
    {
        if (Phase == TlsPhase.Over)
        {
            return;
        }

        Shut();
        if (_output.IsEmpty)
        {
            _below.Close();
        }
        else
        {
            // The last words are few, but the system had no room for them.
            _lastWords = _hub.StartTimer(LastWordsTime, static below => ((ITransport)below!).Close(), _below);
        }
    }

    public void Abort()
    {
        Shut();
        _lastWords?.Dispose();
        _output.Clear();
        _below.Abort();
    }

    void ITransportHandler.OnReceived(ReadOnlyMemory<byte> chunk)
    {
        if (_reading.TryTake(chunk))
        {
            _agreement.GoOn();
            _reading.Read();
            if (Phase == TlsPhase.Open)
            {
                _input.LetGoOfRoom();
            }
        }
    }

    void ITransportHandler.OnPeerEnded()
    {
        if (Phase != TlsPhase.Over)
        {
            Handler.OnPeerEnded();
        }
    }

    void ITransportHandler.OnWritable(int sent)
    {
        _output.Resume(sent);
        if (!(_agreement.IsAway ? _output.TryFlush() : _output.TryTransmit()))
        {
            return;
        }

        if (_lastWords is not null)
        {
            _lastWords.Dispose();
            _below.Close();
        }

        TellWritable();
    }

    void ITransportHandler.OnFailed(ConnectionException error)
    {
        _lastWords?.Dispose();
        _reading.DeliverRest();
        if (Phase != TlsPhase.Over && !_agreement.TryLoseLater(error))
        {
            var told = Phase == TlsPhase.Agreeing ? TlsFailures.Lost(this, error) : error;
            Shut();
            Handler.OnFailed(told);
        }
    }

    /// <inheritdoc cref="TlsReading.Ask"/>
    public void Ask() => _reading.Ask();

    /// <summary>Hands over what the stream has written.</summary>
    public void Transmit() => _output.TryTransmit();

    public void BeOpen()
    {
        Phase = TlsPhase.Open;
        if (_endsOutput)
        {
            _output.End(says: true);
        }
    }

    public void BeRefused()
    {
        Phase = TlsPhase.Refused;
        _agreement.Release();
        if (_endsOutput)
        {
            _output.End(says: false);
        }
    }

    public void BeLost(ConnectionException error)
    {
        Shut();
        _hub.Post(_ => Handler.OnFailed(error));
    }

    /// <summary>Goes on with what was asked for before it was open.</summary>
    public void GoOn()
    {
        TellWritable();
        _reading.Read();
    }

    /// <summary>TLS is broken.</summary>
    public void Fail(Exception error)
    {
        if (Phase != TlsPhase.Over)
        {
            Abort();
            Handler.OnFailed(TlsFailures.Broken(this, error));
        }
    }

    private bool CanSend()
    {
        _output.IsFull |= Phase != TlsPhase.Open;
        return Phase == TlsPhase.Open;
    }

    private void TellWritable()
    {
        if (Phase == TlsPhase.Open && _output is { IsFull: true, IsEmpty: true })
        {
            Handler.OnWritable(_output.TakeRefused());
        }
    }

    private int FailLater(Exception error)
    {
        _hub.Post(_ => Fail(error));
        return 0;
    }

    private void Shut()
    {
        Phase = TlsPhase.Over;
        _agreement.Abandon();
    }
}
