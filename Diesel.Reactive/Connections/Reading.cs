namespace Diesel.Reactive;

/// <summary>One frame to read from a connection: an observable of one, and awaitable.</summary>
/// <typeparam name="T">What the frame is decoded to.</typeparam>
/// <remarks>Each subscription and each <c>await</c> reads one frame. Unsubscribed before the frame is whole, it consumes
/// nothing. It detaches before it delivers, so what it triggers may read on at once.
/// Source: diesel's <c>until</c>, <c>until_eol</c>, <c>receive</c>.</remarks>
public sealed class Reading<T> : Awaitable<T>
{
    private readonly Inbound _input;
    private Decoder<T>? _decoder;
    private long _decodedFrom;

    internal Reading(Inbound input, Framing<T> framing) => (_input, Framing) = (input, framing);

    internal Framing<T> Framing { get; }

    /// <inheritdoc/>
    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var reader = new OneFrame(this, observer);
        _input.Readers.Attach(reader);
        return reader;
    }

    /// <inheritdoc/>
    public override string ToString() => $"reading {_input}";

    internal override Hub Home => _input.Connection.Hub;

    internal override bool TryTake(out T value)
    {
        value = default!;
        return _input.CanTake && TryDecode(out value);
    }

    // The decoder is kept between reads, with how far it looked, as long as nobody else consumed bytes meanwhile:
    // a line raced against a timer a thousand times is still scanned once.
    private bool TryDecode(out T frame)
    {
        if (_decoder is null || _decodedFrom != _input.ConsumedTotal)
        {
            _decoder = Framing.CreateDecoder();
        }

        try
        {
            return _input.TryDecode(_decoder, out frame);
        }
        catch
        {
            _decoder = null;
            throw;
        }
        finally
        {
            _decodedFrom = _input.ConsumedTotal;
        }
    }

    private sealed class OneFrame(Reading<T> reading, IObserver<T> observer) : IReader, IDisposable
    {
        // Null once it has left: one field, as every awaited line that has to wait makes one of these.
        private volatile IObserver<T>? _observer = observer;

        public bool IsStream => false;

        public bool HasLeft => _observer is null;

        public bool TryDeliver()
        {
            if (_observer is not { } present)
            {
                reading._input.Readers.Detach(this);
                return false;
            }

            if (!reading.TryDecode(out var frame))
            {
                return false;
            }

            reading._input.Readers.Detach(this);
            present.OnNext(frame);
            present.OnCompleted();
            return true;
        }

        public void Complete() => _observer?.OnCompleted();

        public void Fail(Exception error) => _observer?.OnError(error);

        public void Dispose()
        {
            _observer = null;
            reading._input.Readers.DetachFromAnyThread(this);
        }
    }
}
