using System.Buffers;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>Events as the body of a response, with a comment now and then where there are none.</summary>
internal sealed class EventStreamBody(IObservable<ServerSentEvent> events, TimeSpan keepAlive) : IObservable<ReadOnlyMemory<byte>>, IPausable
{
    private static readonly ReadOnlyMemory<byte> Comment = ":\n\n"u8.ToArray();

    public Hub Hub => (events as IPausable)?.Hub ?? Hub.Current ?? Hub.Default;

    public IDisposable Pause() => (events as IPausable)?.Pause() ?? System.Reactive.Disposables.Disposable.Empty;

    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer) => new Writer(observer, Hub.Current!, keepAlive).Begin(events);

    private sealed class Writer : IObserver<ServerSentEvent>, IDisposable
    {
        private readonly IObserver<ReadOnlyMemory<byte>> _observer;
        private readonly Hub _hub;
        private readonly TimeSpan _keepAlive;
        private readonly Deadline _quiet;
        private IDisposable? _subscription;
        private bool _isOver;

        public Writer(IObserver<ReadOnlyMemory<byte>> observer, Hub hub, TimeSpan keepAlive)
        {
            (_observer, _hub, _keepAlive) = (observer, hub, keepAlive);
            _quiet = new Deadline(hub, static writer => ((Writer)writer!).Quiet(), this);
        }

        public Writer Begin(IObservable<ServerSentEvent> events)
        {
            _quiet.Reset(_keepAlive);
            _subscription = events.Subscribe(this);
            if (_isOver)
            {
                _subscription.Dispose();
            }

            return this;
        }

        public void OnNext(ServerSentEvent value)
        {
            var written = new ArrayBufferWriter<byte>();
            try
            {
                EventStreamFraming.Write(value, written);
            }
            catch (ArgumentException error)
            {
                OnError(error);
                return;
            }

            _hub.Within(() => Give(written.WrittenMemory));
        }

        public void OnError(Exception error) => _hub.Within(() =>
        {
            if (TryEnd())
            {
                _observer.OnError(error);
            }
        });

        public void OnCompleted() => _hub.Within(() =>
        {
            if (TryEnd())
            {
                _observer.OnCompleted();
            }
        });

        public void Dispose() => _hub.Within(() => TryEnd());

        public override string ToString() => "the quiet of an event stream";

        private void Give(ReadOnlyMemory<byte> bytes)
        {
            if (!_isOver)
            {
                _quiet.Reset(_keepAlive);
                _observer.OnNext(bytes);
            }
        }

        private void Quiet() => Give(Comment);

        private bool TryEnd()
        {
            var wasUnderWay = !_isOver;
            _isOver = true;
            _quiet.Cancel();
            _subscription?.Dispose();
            return wasUnderWay;
        }
    }
}
