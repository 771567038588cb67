namespace Diesel.Reactive.Protocols.Http;

/// <summary>A body as one piece, when it has come whole. One that came in one piece is that piece, and is not copied.</summary>
internal sealed class HttpBodyGathering(IObservable<ReadOnlyMemory<byte>> body, long? limit) : IObservable<ReadOnlyMemory<byte>>
{
    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer) => body.Subscribe(new Gatherer(limit, observer));

    private sealed class Gatherer(long? limit, IObserver<ReadOnlyMemory<byte>> observer) : IObserver<ReadOnlyMemory<byte>>
    {
        private ReadOnlyMemory<byte> _first;
        private byte[]? _all;
        private int _length;
        private bool _isOver;

        public void OnNext(ReadOnlyMemory<byte> value)
        {
            if (_isOver)
            {
                return;
            }

            if (_length + (long)value.Length > (limit ?? Array.MaxLength))
            {
                _isOver = true;
                observer.OnError(new HttpRefusedException(413, "RFC 9110 §15.5.14", $"The body is longer than {limit ?? Array.MaxLength} bytes"));
                return;
            }

            if (_length == 0)
            {
                _first = value;
            }
            else
            {
                Append(value);
            }

            _length += value.Length;
        }

        public void OnError(Exception error)
        {
            if (!_isOver)
            {
                observer.OnError(error);
            }
        }

        public void OnCompleted()
        {
            if (!_isOver)
            {
                observer.OnNext(_all is null ? _first : _all.AsMemory(0, _length));
                observer.OnCompleted();
            }
        }

        private void Append(ReadOnlyMemory<byte> value)
        {
            if (_all is null || _all.Length < _length + value.Length)
            {
                var grown = GC.AllocateUninitializedArray<byte>((int)Math.Min(Math.Max(2L * _length, (long)_length + value.Length), Array.MaxLength));
                (_all is null ? _first : _all.AsMemory(0, _length)).CopyTo(grown);
                (_all, _first) = (grown, default);
            }

            value.CopyTo(_all.AsMemory(_length));
        }
    }
}
