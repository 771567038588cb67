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
        private FrameDecoding<T> _decoding = new(framing, repeats: true);

        public override Readable Source => input;

        public override bool IsStream => true;

        public override Exception? Failure => _decoding.Failure;

        public override long Missing => _decoding.Missing(ref input.Buffer);

        // One frame after the other right here: the way through the source costs as much as a short one.
        public override bool TryDeliver()
        {
            if (Observer is not { } present || !TryTake(out var frame))
            {
                return false;
            }

            do
            {
                present.OnNext(frame);
            }
            while (input.GoesOn(this) && !HasLeft && TryTake(out frame));
            return true;
        }

        protected override bool TryTake(out T item) => _decoding.TryDecode(ref input.Buffer, input.HasEnded, out item);
    }
}
