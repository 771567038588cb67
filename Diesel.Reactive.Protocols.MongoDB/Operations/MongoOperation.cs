namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>What a command returns: cold, each <c>await</c> asks.</summary>
internal sealed class MongoOperation<T>(MongoCluster cluster, MongoRequest<T> request) : Awaitable<T>
{
    public override string ToString() => request.ToString();

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var run = new MongoRun<T>(cluster, request, observer);
        if (cluster.Hub.IsCurrent)
        {
            run.Begin();
        }
        else if (!cluster.Hub.Post(static run => ((MongoRun<T>)run!).Begin(), run))
        {
            observer.OnError(new ObjectDisposedException(nameof(Hub), "The hub of the client was disposed."));
        }

        return run;
    }
}
