namespace Diesel.Reactive.Protocols.Http;

/// <summary>The stream that HttpClient's content is written to.</summary>
internal sealed class HttpContentWriter(Hub hub, IObserver<ReadOnlyMemory<byte>> observer) : Stream
{
    private HubCompletion<bool>? _waiting;
    private int _holds;
    private bool _hasLeft;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The server takes no more for now. On the hub, as what follows.</summary>
    public void Hold() => _holds++;

    public void LetGo() => hub.Within(() =>
    {
        if (--_holds == 0)
        {
            Wake();
        }
    });

    /// <summary>Nobody wants it any more.</summary>
    public void Leave() => hub.Within(() =>
    {
        _hasLeft = true;
        Wake();
    });

    // What is written is copied: its owner may use the memory again.
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var taken = new HubCompletion<bool>(hub);
        var piece = buffer.ToArray();
        if (!hub.Within(() => Give(piece, taken)))
        {
            throw new ObjectDisposedException(nameof(Hub), "The hub was disposed: nothing is sent any more.");
        }

        await taken.Task.ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // On the hub nobody can be made to wait: it is bounded by what a connection may have pending.
    public override void Write(byte[] buffer, int offset, int count)
    {
        var written = WriteAsync(buffer.AsMemory(offset, count)).AsTask();
        if (!hub.IsCurrent)
        {
            written.GetAwaiter().GetResult();
        }
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Give(byte[] piece, HubCompletion<bool> taken)
    {
        if (!_hasLeft)
        {
            observer.OnNext(piece);
        }

        if (_hasLeft)
        {
            taken.Fail(new IOException("The rest of the body is not wanted: the request is over."));
        }
        else if (_holds == 0)
        {
            taken.Complete(true);
        }
        else
        {
            _waiting = taken;
        }
    }

    private void Wake()
    {
        var waiting = _waiting;
        _waiting = null;
        if (_hasLeft)
        {
            waiting?.Fail(new IOException("The rest of the body is not wanted: the request is over."));
        }
        else
        {
            waiting?.Complete(true);
        }
    }
}
