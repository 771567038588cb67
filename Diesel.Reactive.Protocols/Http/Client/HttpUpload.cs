namespace Diesel.Reactive.Protocols.Http;

/// <summary>The body of a request on its way: at the pace at which the server takes it, and, where it was asked, once the server wants it.</summary>
internal sealed class HttpUpload(HttpSender sender, Connection connection, HttpRequestBody body, HttpClientOptions options, Hub hub) : IObserver<ReadOnlyMemory<byte>>, IDisposable
{
    /// <summary>Below this a body goes out with its head.</summary>
    public const int MostCopied = 4 * 1024;

    // As much is handed over at once as is sent where it lies; the server takes the rest when it has room.
    private const int Piece = 64 * 1024;

    private IDisposable? _subscription;
    private IDisposable? _hold;
    private Deadline? _patience;
    private long _sent;
    private bool _hasBegun;
    private bool _isOver;

    public void Begin(bool waits)
    {
        if (!waits)
        {
            Continue();
            return;
        }

        _patience = new Deadline(hub, static upload => ((HttpUpload)upload!).Continue(), this);
        _patience.Reset(options.ExpectTimeout);
    }

    /// <summary>The server wants it, or has been asked long enough.</summary>
    public void Continue()
    {
        if (_hasBegun || _isOver)
        {
            return;
        }

        // In a turn of its own: what is sent while an answer is delivered would hold that up.
        _hasBegun = true;
        _patience?.Cancel();
        hub.Post(static upload => ((HttpUpload)upload!).Send(), this);
    }

    /// <summary>There is an answer: a body that was not begun is not wanted.</summary>
    public void Answered()
    {
        if (!_hasBegun)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _isOver = true;
        _patience?.Cancel();
        _subscription?.Dispose();
        _hold?.Dispose();
    }

    public void OnNext(ReadOnlyMemory<byte> value)
    {
        if (!hub.IsCurrent)
        {
            GoOnLater(value);
        }
        else if (!_isOver)
        {
            Add(value);
        }
    }

    public void OnError(Exception error) => hub.Within(() =>
    {
        if (!_isOver)
        {
            sender.Fail(error);
        }
    });

    public void OnCompleted() => hub.Within(Complete);

    private void GoOnLater(ReadOnlyMemory<byte> value) => hub.Post(_ => OnNext(value));

    private void Send()
    {
        if (_isOver)
        {
            return;
        }

        if (body.Stream is null)
        {
            SendPieces();
            return;
        }

        try
        {
            var subscription = body.Stream is HttpPulledBody pulled ? pulled.Subscribe(this, connection) : body.Stream.Subscribe(this);
            if (_isOver)
            {
                subscription.Dispose();
            }

            _subscription = subscription;
        }
        catch (Exception error)
        {
            // The observable is the user's.
            OnError(error);
        }
    }

    private void SendPieces()
    {
        while (!_isOver && _sent < body.Content.Length)
        {
            if (connection.PendingBytes > options.HighWaterMark)
            {
                connection.Room().Subscribe(_ => SendPieces(), static _ => { });
                return;
            }

            var piece = body.Content[(int)_sent..];
            piece = piece[..Math.Min(piece.Length, Piece)];
            _sent += piece.Length;
            connection.OnNext(piece);
        }

        End();
    }

    private void Add(ReadOnlyMemory<byte> bytes)
    {
        if (_sent + bytes.Length > (body.Length ?? long.MaxValue))
        {
            sender.Fail(Unkept($"more than the {body.Length} bytes"));
            return;
        }

        _sent += bytes.Length;
        if (body.Length is not null)
        {
            connection.OnNext(bytes);
        }
        else if (!bytes.IsEmpty)
        {
            HttpCodec.WriteChunkHead(connection.Output, bytes.Length);
            connection.OnNext(bytes);
            connection.OnNext(HttpCodec.LineEnd);
        }

        if (_hold is null && connection.PendingBytes > options.HighWaterMark && body.Stream is IPausable pausable)
        {
            _hold = pausable.Pause();
            connection.Room().Subscribe(_ => LetGo(), static _ => { });
        }
    }

    private void Complete()
    {
        if (_isOver)
        {
            return;
        }

        if (_sent < body.Length)
        {
            sender.Fail(Unkept($"{_sent} of the {body.Length} bytes"));
            return;
        }

        if (body.Length is null)
        {
            HttpCodec.WriteLastChunk(connection.Output);
        }

        End();
    }

    private void LetGo()
    {
        var hold = _hold;
        _hold = null;
        hold?.Dispose();
    }

    private void End()
    {
        if (!_isOver)
        {
            _isOver = true;
            sender.Complete();
        }
    }

    private static InvalidOperationException Unkept(string what) => new($"The body of a request was {what} that it was said to have.");
}
