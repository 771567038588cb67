using System.IO.Pipelines;
using System.Reactive.Disposables;
using Diesel.Reactive.Protocols.Http;
using HttpResponse = Diesel.Reactive.Protocols.Http.HttpResponse;

namespace Diesel.Reactive.AspNetCore;

/// <summary>A response on its way from the application, which is on any thread, to the service on the hub.</summary>
/// <remarks>What the application writes before it waits for the first time is kept until then: so a response that is made at once goes out whole, with its length, and
/// costs one hop from the pool. The fields behind the gate are everybody's; the others the hub's.</remarks>
internal sealed class ResponseSending(HubRequest request) : IObservable<ReadOnlyMemory<byte>>, IPausable
{
    private readonly Lock _gate = new();
    private readonly ResponseForm _form = new(request);
    private List<ReadOnlyMemory<byte>> _kept = [];
    private List<ReadOnlyMemory<byte>> _spare = [];
    private TaskCompletionSource<FlushResult>? _waiting;
    private Exception? _error;
    private TaskCompletionSource<Stream>? _upgrade;
    private long _waitingBytes;
    private bool _isComplete;
    private bool _isReset;
    private bool _isAsked;
    private bool _isWaitedFor;
    private bool _isPosted;
    private bool _isPaused;
    private bool _isOver;
    private bool _isBegun;
    private IObserver<ReadOnlyMemory<byte>>? _body;

    /// <summary>Who takes the response.</summary>
    public IObserver<HttpResponse>? Answer { get; set; }

    /// <summary>Nothing more will be sent.</summary>
    public bool IsOver => Volatile.Read(ref _isOver);

    /// <summary>The service has its beginning. On the hub.</summary>
    public bool HasBegun => Answer is null;

    public Hub Hub => request.Hub;

    /// <summary>Status and fields are settled.</summary>
    public void Begin(int status, HttpHeaders headers, long? length, bool closes)
    {
        lock (_gate)
        {
            (_form.Status, _form.Headers, _form.Length, _form.Closes) = (status, headers, length, closes);
        }
    }

    /// <summary>Bytes that need not be sent yet.</summary>
    public void Keep(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            KeepHere(bytes);
        }
    }

    /// <summary>Bytes that are to be sent, and all that were kept.</summary>
    public void Add(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            KeepHere(bytes);
            _isAsked = true;
            if (!_isWaitedFor && _waitingBytes <= request.Served.Options.MaxUnsentBytes)
            {
                return;
            }
        }

        PushSoon();
    }

    public void IsWaitedFor()
    {
        lock (_gate)
        {
            _isWaitedFor = true;
            if (!_isAsked)
            {
                return;
            }
        }

        PushSoon();
    }

    public void Complete(ReadOnlyMemory<byte> bytes, HttpHeaders trailers)
    {
        lock (_gate)
        {
            KeepHere(bytes);
            (_isComplete, _isAsked, _form.Trailers) = (true, true, trailers);
        }

        PushSoon();
    }

    public void Fail(Exception error, int status)
    {
        lock (_gate)
        {
            (_error, _isAsked) = (error, true);
            if (!_isBegun)
            {
                (_form.Status, _form.Headers, _form.Length, _isComplete) = (status, default, null, true);
                _kept.Clear();
            }
        }

        PushSoon();
    }

    public void Reset()
    {
        lock (_gate)
        {
            (_isReset, _isAsked) = (true, true);
        }

        PushSoon();
    }

    public void Upgrade(TaskCompletionSource<Stream> opened)
    {
        lock (_gate)
        {
            (_upgrade, _isAsked) = (opened, true);
        }

        PushSoon();
    }

    /// <summary>Done when there is room for more.</summary>
    public ValueTask<FlushResult> Room(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isOver || _waitingBytes <= request.Served.Options.MaxUnsentBytes)
            {
                return new(new FlushResult(isCanceled: false, isCompleted: _isOver));
            }

            _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return new(_waiting.Task.WaitAsync(cancellationToken));
        }
    }

    public void CancelWait() => Answered(new FlushResult(isCanceled: true, isCompleted: false));

    /// <summary>Nobody wants it any more.</summary>
    public void LetGo()
    {
        TaskCompletionSource<Stream>? upgrade;
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            (_waitingBytes, upgrade) = (0, _upgrade);
            _kept.Clear();
        }

        upgrade?.TrySetException(new ConnectionException($"{request} was lost.", request.Http.RemoteEndPoint));
        Answered(new FlushResult(isCanceled: false, isCompleted: true));
    }

    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
    {
        _body = observer;
        return Disposable.Create(this, static sending => sending.LeftBySending());
    }

    public IDisposable Pause()
    {
        _isPaused = true;
        return Disposable.Create(this, static sending =>
        {
            sending._isPaused = false;
            sending.Push();
        });
    }

    // Nobody takes the rest.
    private void LeftBySending()
    {
        _body = null;
        request.Dispose();
    }

    private void KeepHere(ReadOnlyMemory<byte> bytes)
    {
        _form.Total += bytes.Length;
        if (!bytes.IsEmpty && !_isOver && !_form.IsHead)
        {
            _kept.Add(bytes);
            _waitingBytes += bytes.Length;
        }
    }

    private void PushSoon()
    {
        if (Hub.IsCurrent)
        {
            Push();
        }
        else if (!Interlocked.Exchange(ref _isPosted, true))
        {
            Hub.Post(static sending => ((ResponseSending)sending!).Push(), this);
        }
    }

    // On the hub.
    private void Push()
    {
        List<ReadOnlyMemory<byte>> pieces;
        bool isComplete;
        Exception? error;
        lock (_gate)
        {
            _isPosted = false;
            if (_isOver || _isPaused || !_isAsked || (_form.IsHead && !_isComplete && !_isReset))
            {
                return;
            }

            (pieces, isComplete, error) = (_kept, _isComplete, _error);
            (_kept, _spare) = (_spare, _kept);
            (_waitingBytes, _isBegun) = (0, true);
            _isOver = isComplete || _isReset || _upgrade is not null || error is not null;
        }

        Send(pieces, isComplete, error);
        pieces.Clear();
        Answered(new FlushResult(isCanceled: false, isCompleted: false));
    }

    private void Send(List<ReadOnlyMemory<byte>> pieces, bool isComplete, Exception? error)
    {
        if (Answer is { } answer)
        {
            Answer = null;
            answer.OnNext(_isReset ? HttpResponse.Reset() : _upgrade is not null ? _form.Upgrade(_upgrade) : _form.Of(this, pieces, isComplete));
            if (_upgrade is not null || _isReset)
            {
                return;
            }
        }
        else
        {
            error ??= _isReset ? new OperationCanceledException($"The application has aborted {request}.") : null;
        }

        var body = _body;
        foreach (var piece in pieces)
        {
            body?.OnNext(piece);
        }

        if (error is not null)
        {
            body?.OnError(error);
        }
        else if (isComplete)
        {
            body?.OnCompleted();
        }
    }

    private void Answered(FlushResult result)
    {
        TaskCompletionSource<FlushResult>? waiting;
        lock (_gate)
        {
            if (!_isOver && !result.IsCanceled && _waitingBytes > request.Served.Options.MaxUnsentBytes)
            {
                return;
            }

            waiting = _waiting;
            _waiting = null;
        }

        waiting?.TrySetResult(result);
    }
}
