namespace Diesel.Reactive.Protocols.Http;

/// <summary>The body of an answer, as it came, as a stream, for code of any thread. The server waits while nobody reads.</summary>
internal sealed class HttpReplyStream(HttpReply reply, Action? ended = null) : HttpReadStream, IObserver<ReadOnlyMemory<byte>>
{
    private readonly Lock _gate = new();
    private readonly Hub _hub = reply.Hub;
    private readonly int _most = reply.Origin.Options.HighWaterMark;
    private HttpReplyQueue _queue;
    private ReadOnlyMemory<byte> _rest;
    private IDisposable? _subscription;
    private IDisposable? _hold;
    private HubCompletion<bool>? _waiting;
    private Exception? _error;
    private bool _hasBegun;
    private bool _hasEnded;
    private bool _isDisposed;

    public override bool CanRead => !_isDisposed;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            if (TryRead(buffer.Span, out var count, out var waiting))
            {
                return count;
            }

            using var cancelled = cancellationToken.UnsafeRegister(static (s, token) => ((HubCompletion<bool>)s!).Cancel(token), waiting);
            await waiting!.Task.ConfigureAwait(false);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            if (TryRead(buffer, out var count, out var waiting))
            {
                return count;
            }

            waiting!.Task.GetAwaiter().GetResult();
        }
    }

    public void OnNext(ReadOnlyMemory<byte> value)
    {
        lock (_gate)
        {
            _queue.Add(value);
            if (_queue.Length > _most && _hold is null)
            {
                _hold = ((IPausable)reply).Pause();
            }
        }

        Wake();
    }

    public void OnError(Exception error) => End(error);

    public void OnCompleted()
    {
        ended?.Invoke();
        End(null);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            (_isDisposed, _queue, _rest) = (true, default, default);
        }

        _hub.Within(Leave);
        Wake();
    }

    private void Leave()
    {
        _subscription?.Dispose();
        reply.Dispose();
    }

    private bool TryRead(Span<byte> buffer, out int count, out HubCompletion<bool>? waiting)
    {
        (count, waiting) = (0, null);
        IDisposable? hold = null;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_hasBegun)
            {
                _hasBegun = true;
                _hub.Within(Begin);
            }

            if (!_rest.IsEmpty || _queue.TryTake(out _rest))
            {
                count = Math.Min(buffer.Length, _rest.Length);
                _rest.Span[..count].CopyTo(buffer);
                _rest = _rest[count..];
                if (_queue.Length < _most / 2)
                {
                    (hold, _hold) = (_hold, null);
                }
            }
            else if (_error is not null)
            {
                throw HttpErrors.OfBody(_error);
            }
            else if (!_hasEnded && !buffer.IsEmpty)
            {
                waiting = _waiting ??= new HubCompletion<bool>(_hub);
            }
        }

        hold?.Dispose();
        return waiting is null;
    }

    private void Begin()
    {
        if (!_isDisposed)
        {
            _subscription = ((IObservable<ReadOnlyMemory<byte>>)reply).Subscribe(this);
        }
    }

    private void End(Exception? error)
    {
        lock (_gate)
        {
            (_hasEnded, _error) = (true, error);
        }

        Wake();
    }

    private void Wake()
    {
        HubCompletion<bool>? waiting;
        lock (_gate)
        {
            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.Complete(true);
    }
}
