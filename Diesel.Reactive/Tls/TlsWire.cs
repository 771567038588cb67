using System.Threading.Tasks.Sources;

namespace Diesel.Reactive;

/// <summary>What an <see cref="System.Net.Security.SslStream"/> reads from and writes to: records that lie ready, and a buffer that takes everything.</summary>
/// <remarks>One side at a time has it: whoever runs the stream, or whoever gives it records while it waits for them.</remarks>
internal sealed class TlsWire : Stream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _answer;
    private RentedBytes _written;
    private ReadOnlyMemory<byte> _given;
    private Memory<byte> _room;
    private bool _isAsked;
    private bool _isEnded;

    /// <summary>Called when the reader has to wait: whoever it was lent to has it back.</summary>
    public Action? Starved { get; set; }

    /// <summary>Everything that was given was read.</summary>
    public bool IsEmpty => _given.IsEmpty;

    /// <summary>The reader was told that nothing more comes.</summary>
    public bool HasToldEnd { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gives whole records, when all that were given before are read. Who waits for them goes on within the call.</summary>
    public void Give(ReadOnlyMemory<byte> records)
    {
        _given = records;
        Answer();
    }

    /// <summary>Copies what was given and not read, as the stream had something left to give out: the memory it lies in is used for others.</summary>
    public void LetGoOfRoom() => _given = _given.IsEmpty ? default : _given.ToArray();

    /// <summary>Appends what was written to what somebody else has.</summary>
    public void TakeWritten(ref RentedBytes behind) => behind.Take(ref _written);

    /// <summary>So many bytes are going to be written.</summary>
    public void Expect(int count) => _written.Reserve(count);

    /// <summary>Nothing more comes.</summary>
    public void End()
    {
        _isEnded = true;
        Answer();
    }

    // A read of nothing waits until there is something, and holds no memory meanwhile.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_given.IsEmpty || _isEnded)
        {
            return new(Take(buffer.Span));
        }

        _answer.Reset();
        (_room, _isAsked) = (buffer, true);
        var answer = new ValueTask<int>(this, _answer.Version);
        Starved?.Invoke();
        return answer;
    }

    public override void Write(ReadOnlySpan<byte> buffer) => _written.Append(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _written.Append(buffer.Span);
        return default;
    }

    public override int Read(Span<byte> buffer) => _given.IsEmpty && !_isEnded
        ? throw new InvalidOperationException("A record is read before it is there; this is a defect of Diesel.Reactive.")
        : Take(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _answer.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _given.Length);
        _given.Span[..count].CopyTo(buffer);
        _given = count == _given.Length ? default : _given[count..];
        HasToldEnd |= count == 0 && !buffer.IsEmpty;
        return count;
    }

    private void Answer()
    {
        if (_isAsked)
        {
            var room = _room;
            (_room, _isAsked) = (default, false);
            _answer.SetResult(Take(room.Span));
        }
    }
}
