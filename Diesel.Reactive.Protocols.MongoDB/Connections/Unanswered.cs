using System.Reactive.Disposables;

namespace Diesel.Reactive.Protocols.MongoDB;

/// <summary>A request that the server does not answer: it is over when it is written.</summary>
internal sealed class Unanswered<T>(MongoRequest<T> request, MongoSending sending) : Awaitable<Outcome<T>>
{
    public override IDisposable Subscribe(IObserver<Outcome<T>> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        Outcome<T> outcome;
        try
        {
            request.Write(sending.Connection.Connection.Output, sending);
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
