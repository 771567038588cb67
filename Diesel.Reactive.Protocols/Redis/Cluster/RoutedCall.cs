using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.Redis;

/// <summary>A call whose keys are in one slot: it is sent to whoever has that, and follows it.</summary>
/// <param name="cluster">Where.</param>
/// <param name="slot">Its slot.</param>
/// <param name="mayAskReplica">Whether who follows the primary can answer it.</param>
/// <param name="send">Sends it; and whether the server has to be told that it is to take it, as it has not got the slot yet.</param>
internal sealed class RoutedCall<T>(ClusterTopology cluster, int slot, bool mayAskReplica, Func<RedisLink, bool, IObservable<T>> send) : IObservable<T>
{
    private ClusterTopology Cluster => cluster;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        var run = new Run(this, observer);
        if (!cluster.Hub.Within(run.Begin))
        {
            observer.OnError(new ObjectDisposedException(nameof(Hub), "The hub was disposed: nothing more happens on it."));
        }

        return run;
    }

    private RedisLink? Choose(EndPoint? to) =>
        to is not null ? cluster.Members.Primary(to)
        : cluster.Maps.Map![slot] is not { } shard ? null
        : mayAskReplica && cluster.Target.Options.ReadFrom != ReadFrom.Primary ? cluster.Members.Reader(shard)
        : cluster.Members.Primary(shard.Primary);

    private IObservable<T> Send(RedisLink link, bool isAsking) => send(link, isAsking);

    private sealed class Run(RoutedCall<T> call, IObserver<T> observer) : IObserver<T>, IDisposable
    {
        private readonly SerialDisposable _current = new();
        private RedisLink? _link;
        private Detour? _detour;
        private NextStop _next;

        public void Begin()
        {
            if (!_current.IsDisposed)
            {
                call.Cluster.Ready(Go, observer.OnError, _current);
            }
        }

        public void OnNext(T value) => observer.OnNext(value);

        public void OnCompleted() => observer.OnCompleted();

        public void OnError(Exception error)
        {
            if (_current.IsDisposed)
            {
                return;
            }

            _detour ??= new Detour(call.Cluster);
            if (_detour.After(error, _link) is not { } next)
            {
                observer.OnError(error);
                return;
            }

            _next = next;
            if (next.Pause == TimeSpan.Zero)
            {
                Go();
            }
            else
            {
                var pause = new SingleAssignmentDisposable();
                _current.Disposable = pause;
                pause.Disposable = call.Cluster.Hub.Schedule(next.Pause, Go);
            }
        }

        public void Dispose() => _current.Dispose();

        private void Go()
        {
            if (_current.IsDisposed)
            {
                return;
            }

            if (call.Cluster.IsDisposed)
            {
                observer.OnError(new ObjectDisposedException("RedisClient", "The client was disposed."));
                return;
            }

            _link = call.Choose(_next.To);
            if (_link is null)
            {
                call.Cluster.Maps.Ask();
                OnError(Detour.Unserved());
                return;
            }

            // It may be over before it is known what ends it.
            var attempt = new SingleAssignmentDisposable();
            _current.Disposable = attempt;
            attempt.Disposable = call.Send(_link, _next.IsAsking).Subscribe(this);
        }
    }
}
