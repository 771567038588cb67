namespace Diesel.Reactive;

/// <summary><see cref="IConnection.Decode{T}"/>: all frames of a connection.</summary>
internal sealed class DecodedInput<T>(Inbound input, Framing<T> framing) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var reader = new Frames(input, framing.CreateDecoder(), observer);
        input.Attach(reader);
        return reader;
    }

    private sealed class Frames(Inbound input, Decoder<T> decoder, IObserver<T> observer) : IReader, IDisposable
    {
        public bool TryDeliver()
        {
            var before = input.ConsumedTotal;
            if (!input.TryDecode(decoder, out var frame))
            {
                return false;
            }

            if (input.ConsumedTotal == before)
            {
                input.Detach(this);
                observer.OnError(new InvalidOperationException(
                    "The framing gives frames of no bytes, which would repeat for ever; read them one at a time with Read."));
                return true;
            }

            observer.OnNext(frame);
            return true;
        }

        public void Complete() => observer.OnCompleted();

        public void Fail(Exception error) => observer.OnError(error);

        public void Dispose() => input.DetachFromAnyThread(this);
    }
}
