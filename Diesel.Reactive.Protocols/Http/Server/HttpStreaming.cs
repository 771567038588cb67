namespace Diesel.Reactive.Protocols.Http;

/// <summary>A response whose body comes. What has come when the turn ends decides how its length is said: all of it as a Content-Length, part
/// of it in chunks.</summary>
internal sealed class HttpStreaming(HttpAnswer answer, HttpRequest request, HttpResponse response)
    : IObserver<ReadOnlyMemory<byte>>, IDisposable
{
    // The answer may be lent to another request by the time that somebody, who does not know yet, gives more.
    private readonly Connection _connection = answer.Connection;
    private readonly List<ReadOnlyMemory<byte>> _early = [];
    private IDisposable? _subscription;
    private IDisposable? _hold;
    private HttpBodyKind _framing;
    private long _total;
    private bool _isCommitted;
    private bool _isOver;

    /// <summary>Whether its head is written.</summary>
    public bool IsCommitted => _isCommitted;

    /// <summary>How many bytes of it have come.</summary>
    public long Total => _total;

    public void Begin()
    {
        answer.Hub.AtTurnEnd(static streaming => ((HttpStreaming)streaming!).Commit(isWhole: false), this);
        if (response.Stream is null)
        {
            OnNext(response.Content);
            OnCompleted();
            return;
        }

        try
        {
            Keep(response.Stream is HttpPulledBody pulled ? pulled.Subscribe(this, _connection) : response.Stream.Subscribe(this));
        }
        catch (Exception error)
        {
            // The observable is the user's.
            OnError(error);
        }
    }

    public void Dispose()
    {
        _isOver = true;
        _subscription?.Dispose();
        _hold?.Dispose();
    }

    public void OnNext(ReadOnlyMemory<byte> value)
    {
        if (!answer.Hub.IsCurrent)
        {
            GoOnLater(value);
        }
        else if (!_isOver)
        {
            Add(value);
        }
    }

    public void OnError(Exception error)
    {
        if (!answer.Hub.IsCurrent)
        {
            answer.Hub.Post(_ => OnError(error));
        }
        else if (!_isOver)
        {
            Fail(error);
        }
    }

    public void OnCompleted()
    {
        if (!answer.Hub.IsCurrent)
        {
            answer.Hub.Post(_ => OnCompleted());
        }
        else if (!_isOver)
        {
            Complete();
        }
    }

    // A method of its own: a lambda in the caller would cost it an allocation on the hub's thread, too.
    private void GoOnLater(ReadOnlyMemory<byte> value) => answer.Hub.Post(_ => OnNext(value));

    private void Keep(IDisposable subscription)
    {
        if (_isOver)
        {
            subscription.Dispose();
        }
        else
        {
            _subscription = subscription;
        }
    }

    private void Add(ReadOnlyMemory<byte> bytes)
    {
        if (_total + bytes.Length > response.Length)
        {
            Fail(Unkept($"more than the {response.Length} bytes"));
            return;
        }

        _total += bytes.Length;
        if (_isCommitted)
        {
            Write(bytes);
            HoldIfCrowded();
            return;
        }

        _early.Add(bytes);
        if (_total > answer.Options.HighWaterMark)
        {
            Commit(isWhole: false);
        }
    }

    private void Complete()
    {
        if (_total < response.Length)
        {
            Fail(Unkept($"{_total} of the {response.Length} bytes"));
            return;
        }

        Commit(isWhole: true);
        if (_framing == HttpBodyKind.Chunked && !TryWriteLastChunk())
        {
            return;
        }

        _isOver = true;
        _hold?.Dispose();
        answer.Sent(_total);
    }

    private bool TryWriteLastChunk()
    {
        HttpHeaders trailers;
        try
        {
            trailers = response.TrailersAtEnd?.Invoke() ?? default;
        }
        catch (Exception error)
        {
            // Whoever gave the body must not get it back.
            Fail(error);
            return false;
        }

        HttpCodec.WriteLastChunk(_connection.Output, trailers);
        return true;
    }

    private void Commit(bool isWhole)
    {
        if (_isCommitted || _isOver)
        {
            return;
        }

        _isCommitted = true;
        var length = response.Length is { } said ? HttpBodyLength.Of(said)
            : isWhole && (response.TrailersAtEnd is null || answer.IsHttp10) ? HttpBodyLength.Of(_total)
            : answer.IsHttp10 ? HttpBodyLength.UntilEnd : HttpBodyLength.Chunked;
        _framing = length.Kind;
        answer.WriteHead(response, length);
        foreach (var bytes in _early)
        {
            Write(bytes);
        }

        _early.Clear();
    }

    private void Write(ReadOnlyMemory<byte> bytes)
    {
        if (_framing == HttpBodyKind.Chunked)
        {
            HttpResponseWriter.WriteChunk(_connection, bytes);
        }
        else
        {
            HttpResponseWriter.Write(_connection, bytes);
        }
    }

    // What a body is made of is held by the connection; other sources here, if they can be.
    private void HoldIfCrowded()
    {
        if (_connection.PendingBytes <= answer.Options.HighWaterMark)
        {
            return;
        }

        answer.Crowded();
        if (_hold is null && response.Stream is IPausable pausable)
        {
            _hold = pausable.Pause();
            _connection.Room().Subscribe(_ => LetGo(), static _ => { });
        }
    }

    private void LetGo()
    {
        var hold = _hold;
        _hold = null;
        hold?.Dispose();
    }

    private InvalidOperationException Unkept(string what) => new($"The body of the answer to {request} was {what} that it was said to have.");

    private void Fail(Exception error)
    {
        var isFramed = !_isCommitted || _framing != HttpBodyKind.UntilEnd;
        Dispose();
        answer.FailStream(request, error, _isCommitted, isFramed);
    }
}
