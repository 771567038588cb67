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
        private Decoder<T>? _decoder;

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
            while (!_stopped && _buffer.Length > 0 && TryDecode(out var frame))
            {
                observer.OnNext(frame);
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
                Fail(new TruncatedFrameException(_buffer.Length));
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

        private bool TryDecode(out T frame)
        {
            Exception failure;
            try
            {
                _decoder ??= framing.CreateDecoder();
                var found = _decoder.TryDecode(_buffer.Unread, out frame, out var consumed);
                CheckConsumed(found, consumed);
                _buffer.Advance(consumed);
                return found;
            }
#pragma warning disable CA1031 // A grammar's delegates are the user's: whatever they throw belongs to the subscriber.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                failure = thrown;
            }

            frame = default!;
            Fail(failure);
            return false;
        }

        private void CheckConsumed(bool found, int consumed)
        {
            if (found && consumed == 0)
            {
                throw new InvalidOperationException(
                    "The framing gave a frame that takes no bytes, so the stream of frames would never end. "
                    + "Read such a frame once, or give it at least one byte.");
            }

            if (consumed < 0 || consumed > _buffer.Length)
            {
                throw new InvalidOperationException(
                    $"The decoder consumed {consumed} of {_buffer.Length} bytes; it must take no more than are there.");
            }
        }

        private void Fail(Exception error)
        {
            Dispose();
            observer.OnError(error);
        }
    }
}
