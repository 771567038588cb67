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
        private long _taken;

        public override Readable Source => input;

        public override bool IsStream => true;

        public override bool IsOwed => true;

        public override long Missing => count - _taken;

        public override long Taken => _taken;

        protected override bool IsAtLast => _taken == count;

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
            item = there[..(int)Math.Min(there.Length, count - _taken)];
            if (item.IsEmpty)
            {
                return false;
            }

            _taken += item.Length;
            input.Buffer.Advance(item.Length);
            return true;
        }
    }
}
