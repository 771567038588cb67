namespace Diesel.Reactive;

/// <summary>One frame to read from a connection: an observable of one, and awaitable.</summary>
/// <typeparam name="T">What the frame is decoded to.</typeparam>
/// <remarks>Each subscription and each <c>await</c> reads one frame. Unsubscribed before the frame is whole, it consumes
/// nothing. It detaches before it delivers, so what it triggers may read on at once.
/// Idea: diesel's <c>until</c>, <c>until_eol</c>, <c>receive</c>.</remarks>
internal sealed class Reading<T> : Awaitable<T>
{
    private readonly Inbound _input;
    private FrameDecoding<T> _decoding;
    private long _decodedFrom;
    private TimedReading<T>? _timed;

    internal Reading(Inbound input, Framing<T> framing)
    {
        (_input, Framing) = (input, framing);
        StartOver();
    }

    internal Framing<T> Framing { get; }

    /// <inheritdoc/>
    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new OneFrame(this, observer).Attach();
    }

    /// <inheritdoc/>
    public override string ToString() => $"reading {_input}";

    internal Inbound Input => _input;

    internal override Hub Home => _input.Hub;

    protected internal override bool TryTake(out T value)
    {
        if (_input.CanTake)
        {
            return TryDecode(out value);
        }

        value = default!;
        return false;
    }

    internal override Awaitable<T> Within(TimeSpan limit, Hub? hub) =>
        _timed?.Limit == limit ? _timed : _timed = new TimedReading<T>(this, limit);

    // The decoder is kept between reads, with how far it looked, as long as nobody else consumed bytes meanwhile: a line raced
    // against a timer a thousand times is still scanned once. So is its failure: one who awaits the frame tries to take it,
    // and then subscribes to be told.
    private bool TryDecode(out T frame)
    {
        if (_decodedFrom != _input.Buffer.ConsumedTotal)
        {
            StartOver();
        }

        var found = _decoding.TryDecode(ref _input.Buffer, _input.HasEnded && !_input.IsCut, out frame);
        _decodedFrom = _input.Buffer.ConsumedTotal;
        return found;
    }

    private void StartOver() => _decoding = new FrameDecoding<T>(Framing, repeats: false);

    /// <summary>One subscription.</summary>
    internal class OneFrame(Reading<T> reading, IObserver<T> observer) : Reader<T>(observer)
    {
        public override Readable Source => reading._input;

        public override bool IsStream => false;

        public override Exception? Failure => reading._decoding.Failure;

        public override bool TrustsEnd => reading._decoding.TrustsEnd;

        public override long Missing => reading._decoding.Missing(ref reading._input.Buffer);

        protected override bool TryTake(out T item) => reading.TryDecode(out item);
    }
}
