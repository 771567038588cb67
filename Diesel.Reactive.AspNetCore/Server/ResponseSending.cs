using System.IO.Pipelines;
using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.AspNetCore;

/// <summary>A response on its way from the application, which is on any thread, to the service on the hub.</summary>
/// <remarks>What the application writes before it waits for the first time is kept until then: so a response that is made at once goes out whole, with its length, and
/// costs one hop from the pool. What is behind the gate is everybody's; the output is the hub's.</remarks>
internal sealed class ResponseSending(HubRequest request)
{
    private readonly Lock _gate = new();
    private readonly ResponseForm _form = new(request);
    private readonly ResponseOutput _output = new(request);
    private ResponsePieces _pieces;
    private TaskCompletionSource<FlushResult>? _waiting;
    private Exception? _error;
    private TaskCompletionSource<Stream>? _upgrade;
    private bool _isComplete;
    private bool _isReset;
    private bool _isAsked;
    private bool _isWaitedFor;
    private bool _isPosted;
    private bool _isOver;
    private bool _isBegun;

    /// <summary>Who takes the response; null: its turn has not come yet. On the hub.</summary>
    public HttpAnswer? Answer { get => _output.Answer; set => _output.Answer = value; }

    /// <summary>It was copied as a whole while the application had not waited for anything: so nobody else has a part of it.</summary>
    public bool IsSentWhole => _output.IsCopied && !_isWaitedFor;

    /// <summary>Nothing follows it on its connection.</summary>
    public bool EndsConnection
    {
        get
        {
            lock (_gate)
            {
                return _form.Closes || _isReset || _upgrade is not null || (_error is not null && !_isComplete);
            }
        }
    }

    /// <summary>Nothing more will be sent.</summary>
    public bool IsOver => Volatile.Read(ref _isOver);

    /// <summary>The service has its beginning. On the hub.</summary>
    public bool HasBegun => _output.HasBegun;

    /// <summary>A request begins.</summary>
    public void Begin() => _form.Begin();

    /// <summary>Nothing of it is held any more.</summary>
    public void Forget()
    {
        _pieces = default;
        _output.Forget();
        (_waiting, _error, _upgrade) = (null, null, null);
        (_isComplete, _isReset, _isAsked, _isWaitedFor, _isPosted, _isOver, _isBegun) = (false, false, false, false, false, false, false);
    }

    /// <summary>Status and fields are settled. Nobody looks at them before something is asked for, behind the gate.</summary>
    public void Settle(int status, HttpHeaders headers, long? length, bool closes) =>
        (_form.Status, _form.Headers, _form.Length, _form.Closes) = (status, headers, length, closes);

    /// <summary>Bytes that need not be sent yet.</summary>
    public void Keep(ReadOnlyMemory<byte> bytes)
    {
        using (Enter(IsAlone))
        {
            KeepHere(bytes);
        }
    }

    /// <summary>Bytes that are to be sent, and all that were kept.</summary>
    public void Add(ReadOnlyMemory<byte> bytes)
    {
        using (Enter(IsAlone))
        {
            KeepHere(bytes);
            _isAsked = true;
            if (!_isWaitedFor && _pieces.Bytes <= request.Served.Options.MaxUnsentBytes)
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
        var isAlone = IsAlone;
        using (Enter(isAlone))
        {
            KeepHere(bytes);
            (_isComplete, _isAsked, _form.Trailers) = (true, true, trailers);
        }

        if (isAlone)
        {
            Push(isAlone);
        }
        else
        {
            PushSoon(isWhole: true);
        }
    }

    public void Fail(Exception error, int status)
    {
        lock (_gate)
        {
            (_error, _isAsked) = (error, true);
            if (!_isBegun)
            {
                (_form.Status, _form.Headers, _form.Length, _isComplete) = (status, default, null, true);
                _pieces = default;
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
        // Mostly there is some, and what may become of it meanwhile is the next flush's affair.
        if (HasRoom)
        {
            return new(new FlushResult(isCanceled: false, isCompleted: IsOver));
        }

        lock (_gate)
        {
            if (HasRoom)
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
            upgrade = _upgrade;
            _pieces = default;
        }

        upgrade?.TrySetException(new ConnectionException($"{request} was lost.", request.Http.RemoteEndPoint));
        Answered(new FlushResult(isCanceled: false, isCompleted: true));
    }

    // The application is one flow of control. Where that is on the hub's thread, all else is that changes what it does, and what others may ask for at the same time, as
    // to reset the connection, is told the hub behind the gate. To pass that costs as much as to write a short response.
    private bool IsAlone => request.Served.Options.RunsOnHub && request.Hub.IsCurrent;

    private Lock.Scope Enter(bool isAlone) => isAlone ? default : _gate.EnterScope();

    private bool HasRoom => IsOver || Volatile.Read(ref _pieces.Bytes) <= request.Served.Options.MaxUnsentBytes;

    private void KeepHere(ReadOnlyMemory<byte> bytes)
    {
        _form.Total += bytes.Length;
        if (!bytes.IsEmpty && !_isOver && !_form.IsHead)
        {
            _pieces.Add(bytes);
        }
    }

    private void PushSoon(bool isWhole = false)
    {
        if (request.Hub.IsCurrent)
        {
            Push();
        }
        else if (!Interlocked.Exchange(ref _isPosted, true))
        {
            request.Session.PushLater(this, isWhole);
        }
    }

    /// <summary>Sends what there is, if it may be sent. On the hub.</summary>
    public void Push() => Push(isAlone: false);

    private void Push(bool isAlone)
    {
        ResponsePieces pieces;
        bool isComplete, isReset;
        TaskCompletionSource<Stream>? upgrade;
        Exception? error;
        using (Enter(isAlone))
        {
            _isPosted = false;
            if (_isOver || !_isAsked || !_output.IsReady || (_form.IsHead && !_isComplete && !_isReset))
            {
                return;
            }

            (pieces, isComplete, isReset, upgrade, error) = (_pieces, _isComplete, _isReset, _upgrade, _error);
            (_pieces, _isBegun, _isOver) = (default, true, isComplete || isReset || upgrade is not null || error is not null);
        }

        if (isComplete && !isReset && upgrade is null && error is null && _output.TryCopy(_form, in pieces))
        {
            // On the hub the application has not ended yet.
            if (IsSentWhole && request.IsFinished)
            {
                request.Session.Return(request);
            }

            return;
        }

        _output.Send(_form, pieces, isComplete, isReset, upgrade, error);
        Answered(new FlushResult(isCanceled: false, isCompleted: false));
    }

    private void Answered(FlushResult result)
    {
        TaskCompletionSource<FlushResult>? waiting;
        lock (_gate)
        {
            if (!_isOver && !result.IsCanceled && _pieces.Bytes > request.Served.Options.MaxUnsentBytes)
            {
                return;
            }

            waiting = _waiting;
            _waiting = null;
        }

        waiting?.TrySetResult(result);
    }
}
