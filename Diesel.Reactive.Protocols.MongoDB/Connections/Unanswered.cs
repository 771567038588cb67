using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A request that the server does not answer: it is over when it is written.</summary>
internal sealed class Unanswered<T>(MongoRequest<T> request, MongoConnection connection, TimeSpan left) : Awaitable<Outcome<T>>
{
    public override IDisposable Subscribe(IObserver<Outcome<T>> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        Outcome<T> outcome;
        try
        {
            request.Write(connection.Connection.Output, MongoRequestId.Next(), connection, left);
            outcome = new(request.Read(default), null);
        }
        catch (Exception error)
        {
            outcome = new(default!, error);
        }

        observer.OnNext(outcome);
        observer.OnCompleted();
        return Disposable.Empty;
    }
}
