using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary>The frames of a stream of chunks that is not a connection.</summary>
internal sealed class FrameObservable<T>(IObservable<ReadOnlyMemory<byte>> source, Framing<T> framing) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var reader = new Reader(framing, observer);
        reader.Attach(source.Subscribe(reader));
        return reader;
    }

    private sealed class Reader(Framing<T> framing, IObserver<T> observer)
        : IObserver<ReadOnlyMemory<byte>>, IDisposable
    {
        private readonly SingleAssignmentDisposable _upstream = new();
        private FrameBuffer _buffer;
        private FrameDecoding<T> _decoding = new(framing, repeats: true);

        // A subscriber may push into the source from its own OnNext: the loop that is running takes that chunk too.
        private bool _draining;
        private bool _sourceEnded;
        private Exception? _sourceError;
        private volatile bool _stopped;

        public void Attach(IDisposable upstream) => _upstream.Disposable = upstream;

        public void OnNext(ReadOnlyMemory<byte> value)
        {
            if (_stopped || _sourceEnded || value.IsEmpty)
            {
                return;
            }

            if (TryAppend(value))
            {
                Drain();
            }
        }

        public void OnError(Exception error)
        {
            _sourceError = error;
            OnCompleted();
        }

        public void OnCompleted()
        {
            _sourceEnded = true;
            Drain();
        }

        public void Dispose()
        {
            _stopped = true;
            _upstream.Dispose();
        }

        private void Drain()
        {
            if (_draining)
            {
                return;
            }

            _draining = true;
            var failed = true;
            try
            {
                DeliverFrames();
                DeliverEnd();
                failed = false;
            }
            finally
            {
                _draining = false;
                if (failed)
                {
                    Dispose();
                }

                if (_stopped)
                {
                    _buffer.Clear();
                }
            }
        }

        private void DeliverFrames()
        {
            var isDecoding = true;
            try
            {
                while (!_stopped && _buffer.Length > 0
                    && _decoding.TryDecodeUnguarded(ref _buffer, _sourceEnded && _sourceError is null, out var frame))
                {
                    isDecoding = false;
                    observer.OnNext(frame);
                    isDecoding = true;
                }
            }
            catch (Exception thrown) when (isDecoding)
            {
                _decoding.Fail(thrown);
            }

            if (_decoding.Failure is { } failure && !_stopped)
            {
                Fail(failure);
            }
        }

        private void DeliverEnd()
        {
            if (!_sourceEnded || _stopped)
            {
                return;
            }

            if (_sourceError is not null)
            {
                Fail(_sourceError);
            }
            else if (_buffer.Length > 0)
            {
                Fail(new TruncatedFrameException(_buffer.Length, _decoding.Missing(ref _buffer)));
            }
            else
            {
                Dispose();
                observer.OnCompleted();
            }
        }

        private bool TryAppend(ReadOnlyMemory<byte> chunk)
        {
            try
            {
                _buffer.Append(chunk);
                return true;
            }
            catch (ProtocolException tooLong)
            {
                Fail(tooLong);
                return false;
            }
        }

        private void Fail(Exception error)
        {
            Dispose();
            observer.OnError(error);
        }
    }
}
