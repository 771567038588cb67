using System.Net.Security;
using System.Reactive;

namespace Diesel.Reactive;

/// <summary>Agreeing with the peer: until it is over nothing else is done with the connection, and then it is open or refused.</summary>
/// <remarks>On the hub, but for what <see cref="TlsHandshake"/> does elsewhere.</remarks>
internal sealed class TlsAgreement
{
    // As many as a handshake has; a peer that sends thousands is not to keep the hub.
    private const int MostStepsHere = 4;

    private readonly TlsTransport _transport;
    private readonly Hub _hub;
    private readonly TlsOptions _options;
    private readonly SslStream _tls;
    private readonly TlsInput _input;
    private readonly TlsHandshake _handshake;
    private readonly AwaitableSource<Unit> _opened;
    private PeerCheck? _check;
    private ConnectionException? _lost;
    private IDisposable? _deadline;
    private int _stepsHere;
    private bool _isOver;
    private bool _hasSpoken;

    public TlsAgreement(TlsTransport transport, Hub hub, TlsOptions options, string? name, SslStream tls, TlsWire wire, TlsInput input)
    {
        (_transport, _hub, _options, _tls, _input) = (transport, hub, options, tls, input);
        _opened = new AwaitableSource<Unit>(hub, null, transport);
        _handshake = new TlsHandshake(hub, wire, () => options.Authenticate(tls, name, Check, hub.IsVirtual ? null : TlsHandshakeQueue.Shared), Return);

        RemoteCertificateValidationCallback Check(RemoteCertificateValidationCallback? given) => (_check = new PeerCheck(name, given)).Check;
    }

    public IObservable<Unit> Opened => _opened;

    /// <summary>The stream is at work elsewhere.</summary>
    public bool IsAway => _handshake.IsAway;

    public void Begin()
    {
        if (_options.HandshakeTimeout != Timeout.InfiniteTimeSpan)
        {
            _deadline = _hub.StartTimer(_options.HandshakeTimeout, static a => ((TlsAgreement)a!).GiveUp(), this);
        }

        if (_options.IsClient)
        {
            GoOn(default, TlsStep.OnPool);
        }
    }

    /// <summary>Something has come, or is to: a server begins with it.</summary>
    public void GoOn()
    {
        // A loop, as there may be thousands of records, and some are done with at once.
        while (!_handshake.IsAway && !_isOver)
        {
            if (!_hasSpoken && !_input.Unread.IsEmpty)
            {
                _hasSpoken = true;
                if (!TlsRecords.CanBegin(_input.Unread[0]))
                {
                    Refuse(TlsFailures.NotTls(_transport, _input.Unread));
                    return;
                }
            }

            if (_input.TryTakeRecord(out var record))
            {
                GoOn(record, WhereFor(record.Span[0]));
            }
            else if (_lost is { } lost)
            {
                Refuse(lost);
            }
            else if (_input.HasEnded)
            {
                Refuse(TlsFailures.Ended(_transport));
            }
            else
            {
                _transport.Ask();
                return;
            }
        }
    }

    /// <summary>The connection is lost. What came before may say why: then that is looked at first, if it is being worked on.</summary>
    public bool TryLoseLater(ConnectionException error)
    {
        var isLater = IsAway && !_isOver;
        _lost = isLater ? error : null;
        return isLater;
    }

    /// <summary>It ends in vain; over already, nothing happens.</summary>
    public void Refuse(Exception error)
    {
        if (!Leave())
        {
            return;
        }

        if (_lost is { } lost)
        {
            _transport.BeLost(TlsFailures.Lost(_transport, lost, error as TlsException));
        }
        else
        {
            _transport.BeRefused();
            UserCode.Run(_hub, _transport, () => _opened.TrySetException(error));
        }
    }

    /// <summary>The connection is over, and its handler knows.</summary>
    public void Abandon()
    {
        Leave();
        Release();
    }

    // The stream is let go of when nobody is at work in it: one that waits for the peer is told first that nothing more comes.
    public void Release()
    {
        if (_handshake.IsAway)
        {
            return;
        }

        if (_handshake is { HasBegun: true, IsDone: false })
        {
            _handshake.End();
            return;
        }

        _input.Clear();
        _tls.Dispose();
    }

    private bool Leave()
    {
        _deadline?.Dispose();
        return !_isOver && (_isOver = true);
    }

    private void GiveUp() => Refuse(TlsFailures.Late(_transport, _options.HandshakeTimeout));

    private void GoOn(ReadOnlyMemory<byte> record, TlsStep where)
    {
        if (_handshake.GoOn(record, where))
        {
            Returned();
        }
    }

    // A server's first step is to sign. The others, unless a client's certificate is to be looked at or TLS 1.2's keys are exchanged, are to compare.
    // A client's are to look at a certificate, and perhaps to ask for those between it and its authority.
    private TlsStep WhereFor(byte record)
    {
        if (_handshake.HasBegun ? _check is not null || _options.IsClient : _options.MayWait)
        {
            return TlsStep.OnPool;
        }

        var isCheap = _handshake.HasBegun && TlsRecords.IsBehindKeys(record) && _stepsHere < MostStepsHere;
        _stepsHere += isCheap ? 1 : 0;
        return isCheap ? TlsStep.Here : TlsStep.Queued;
    }

    private void Return(object? unused)
    {
        if (!_hub.IsCurrent)
        {
            // The hub has ended, and nobody waits for this.
            _tls.Dispose();
            return;
        }

        _handshake.TakeBack();
        Returned();
        GoOn();
    }

    private void Returned()
    {
        if (_isOver)
        {
            Release();
            return;
        }

        if (_lost is null)
        {
            _transport.Transmit();
        }

        if (!_handshake.IsDone)
        {
            return;
        }

        if (_handshake.Error is { } error)
        {
            Refuse(TlsFailures.NotAgreed(_transport, error, _check?.Error));
        }
        else if (_lost is { } lost)
        {
            Refuse(lost);
        }
        else if (Leave())
        {
            _transport.BeOpen();
            UserCode.Run(_hub, _transport, () => _opened.TrySetResult(Unit.Default));
            _transport.GoOn();
        }
    }
}
