namespace Diesel.Reactive;

/// <summary><see cref="Connection.Decode{T}"/>: all frames of a connection.</summary>
internal sealed class DecodedInput<T>(Inbound input, Framing<T> framing) : IObservable<T>, IPausable
{
    public Hub Hub => input.Hub;

    public IDisposable Pause() => input.Connection.Pause();

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new Frames(input, framing, observer).Attach();
    }

    private sealed class Frames(Inbound input, Framing<T> framing, IObserver<T> observer) : Reader<T>(observer)
    {
        // What their frames made others do goes out at the turn's end: a peer works on the first of a thousand replies' requests while we
        // make the last; and who shares the hub waits for 256 frames of a flood, not for all.
        private const int MostATurn = 256;

        private FrameDecoding<T> _decoding = new(framing, repeats: true);
        private bool _hasHadItsShare;

        public override Readable Source => input;

        public override bool IsStream => true;

        public override bool HasHadItsShare => _hasHadItsShare;

        public override Exception? Failure => _decoding.Failure;

        public override bool IsOwed => _decoding.IsOwed;

        public override bool TrustsEnd => _decoding.TrustsEnd;

        public override long Missing => _decoding.Missing(ref input.Buffer);

        // One frame after the other right here: the way through the source costs as much as a short one.
        public override bool TryDeliver()
        {
            if (Observer is not { } present)
            {
                return false;
            }

            var (isDecoding, hasDelivered, left) = (true, false, MostATurn);
            try
            {
                while (_decoding.TryDecodeUnguarded(ref input.Buffer, input.HasEnded && !input.IsCut, out var frame))
                {
                    (isDecoding, hasDelivered) = (false, true);
                    present.OnNext(frame);
                    if (--left == 0 || !input.GoesOn(this) || HasLeft)
                    {
                        break;
                    }

                    isDecoding = true;
                }
            }
            catch (Exception thrown) when (isDecoding)
            {
                _decoding.Fail(thrown);
            }

            _hasHadItsShare = left == 0;
            return hasDelivered;
        }

        protected override bool TryTake(out T item) => _decoding.TryDecode(ref input.Buffer, input.HasEnded && !input.IsCut, out item);
    }
}
