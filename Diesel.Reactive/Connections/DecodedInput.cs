namespace Diesel.Reactive;

/// <summary><see cref="Connection.Decode{T}"/>: all frames of a connection.</summary>
internal sealed class DecodedInput<T>(Inbound input, Framing<T> framing) : IObservable<T>, IPausable
{
    public Hub Hub => input.Connection.Hub;

    public IDisposable Pause() => input.Connection.Pause();

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var reader = new Frames(input, framing.CreateDecoder(), observer);
        input.Readers.Attach(reader);
        return reader;
    }

    private sealed class Frames(Inbound input, Decoder<T> decoder, IObserver<T> observer) : IReader, IDisposable
    {
        private volatile bool _left;

        public bool IsStream => true;

        public bool HasLeft => _left;

        public bool TryDeliver()
        {
            if (_left)
            {
                input.Readers.Detach(this);
                return false;
            }

            var before = input.ConsumedTotal;
            if (!input.TryDecode(decoder, out var frame))
            {
                return false;
            }

            if (input.ConsumedTotal == before)
            {
                input.Refuse(new InvalidOperationException(
                    "The framing gives frames of no bytes, which would repeat for ever; read them one at a time with Read."));
                return false;
            }

            observer.OnNext(frame);
            return true;
        }

        public void Complete() => observer.OnCompleted();

        public void Fail(Exception error) => observer.OnError(error);

        public void Dispose()
        {
            _left = true;
            input.Readers.DetachFromAnyThread(this);
        }
    }
}
