using System.Diagnostics;
using System.Reactive;

namespace Diesel.Reactive;

/// <summary>Counts and times what a layer agrees on with its peer, and passes the outcome on.</summary>
internal sealed class Handshake(Connection connection, ILayer layer) : IObservable<Unit>
{
    /// <summary>Watches a layer, if there is one; tells when it cannot be opened.</summary>
    public static void Watch(Connection connection, ILayer? layer, Action<Exception> failed)
    {
        if (layer is not null)
        {
            new Handshake(connection, layer).Subscribe(static _ => { }, failed);
        }
    }

    public IDisposable Subscribe(IObserver<Unit> observer) => new Timing(connection, observer).Begin(layer);

    private sealed class Timing(Connection connection, IObserver<Unit> observer) : IObserver<Unit>, IDisposable
    {
        private readonly TimeSpan _began = connection.Hub.Elapsed;
        private IDisposable? _subscription;
        private CancellationTokenRegistration _lost;
        private bool _over;

        private HubTally Tally => connection.Hub.Sight.Tally;

        public Timing Begin(ILayer layer)
        {
            Tally.HandshakesBegun++;
            _subscription = layer.Opened.Subscribe(this);
            if (!_over)
            {
                // What is lost meanwhile is told to the connection, and not by the layer.
                _lost = connection.Closed.UnsafeRegister(static timing => ((Timing)timing!).End("connection_lost"), this);
            }

            return this;
        }

        public void OnNext(Unit value)
        {
            End(null);
            observer.OnNext(value);
        }

        public void OnError(Exception error)
        {
            if (connection.Hub.Sight.Log.IsObserved)
            {
                connection.Hub.Write(HubLogLevel.Debug, "HandshakeFailed", "{Connection} has no layer: {Reason}", error, new("Connection", connection), new("Reason", Label.MessageOf(error)));
            }

            End(error.GetType().FullName);
            observer.OnError(error);
        }

        public void OnCompleted()
        {
            End(null);
            observer.OnCompleted();
        }

        public void Dispose()
        {
            _subscription?.Dispose();
            End("cancelled");
        }

        private void End(string? failure)
        {
            if (_over)
            {
                return;
            }

            _over = true;
            _lost.Unregister();
            Tally.HandshakesEnded++;
            if (ConnectionMeter.Handshakes.Enabled)
            {
                var tags = new TagList { HubMeter.Tag(connection.Hub) };
                if (failure is not null)
                {
                    tags.Add("error.type", failure);
                }

                ConnectionMeter.Handshakes.Record((connection.Hub.Elapsed - _began).TotalSeconds, tags);
            }
        }
    }
}
