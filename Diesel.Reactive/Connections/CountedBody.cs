namespace Diesel.Reactive;

/// <summary><see cref="ConnectionReadingExtensions.Body"/>: so many bytes of a connection, in chunks.</summary>
internal sealed class CountedBody(Inbound input, long count) : IObservable<ReadOnlyMemory<byte>>, IPausable
{
    public Hub Hub => input.Hub;

    public IDisposable Pause() => input.Connection.Pause();

    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return new Chunks(input, count, observer).Attach();
    }

    private sealed class Chunks(Inbound input, long count, IObserver<ReadOnlyMemory<byte>> observer) : Reader<ReadOnlyMemory<byte>>(observer)
    {
        private long _left = count;

        public override Readable Source => input;

        public override bool IsStream => true;

        public override bool IsOwed => true;

        public override long Missing => _left;

        public override long Taken => count - _left;

        protected override bool IsAtLast => _left == 0;

        public override bool TryDeliver()
        {
            if (count > 0)
            {
                return base.TryDeliver();
            }

            Source.Detach(this);
            Complete();
            return true;
        }

        protected override bool TryTake(out ReadOnlyMemory<byte> item)
        {
            var there = input.Buffer.Shown;
            item = there[..(int)Math.Min(there.Length, _left)];
            if (item.IsEmpty)
            {
                return false;
            }

            _left -= item.Length;
            input.Buffer.Advance(item.Length);
            return true;
        }
    }
}
