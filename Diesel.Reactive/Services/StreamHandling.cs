using System.Net;

namespace Diesel.Reactive;

/// <summary>A handler that is an observable of replies: what it gives is sent. No loop is needed for it, and none is made, as a
/// server may have ten thousand of these at rest.</summary>
internal sealed class StreamHandling(
    Connection connection, EndPoint? peer, ServiceConnections all, Func<Connection, IObservable<ReadOnlyMemory<byte>>> handler)
    : Handling(connection, peer, all), IObserver<ReadOnlyMemory<byte>>
{
    private IDisposable? _subscription;

    public void OnNext(ReadOnlyMemory<byte> value)
    {
        if (HandlerHasEnded)
        {
            return;
        }

        Connection.Reply(value);
        if (Connection.Life.IsAbandoned)
        {
            Unsubscribe();
        }
    }

    // A handler's operators may move it to another thread; its replies come back by themselves, its end must as well.
    public void OnError(Exception error) => Connection.Hub.Invoke(() => Fail(error));

    public void OnCompleted() => Connection.Hub.Invoke(EndHandler);

    protected override void Run()
    {
        try
        {
            _subscription = (handler(Connection) ?? throw NothingGiven.Observable(this)).Subscribe(this);
        }
        catch (Exception error)
        {
            OnError(error);
        }

        if (HandlerHasEnded)
        {
            _subscription?.Dispose();
        }
    }

    protected override void Unsubscribe()
    {
        try
        {
            _subscription?.Dispose();
        }
        catch (Exception error)
        {
            Connection.Hub.Report(error, ToString());
        }

        EndHandler();
    }

    protected override void Kill() => Unsubscribe();
}
