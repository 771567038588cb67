using System.Collections.Immutable;
using System.Reactive.Disposables;

namespace Diesel.Reactive;

/// <summary><see cref="CallsExtensions.Stream"/>. Holding it holds the connections its calls are in flight on.</summary>
internal sealed class Streaming<TReply, T>(ICalls<TReply> calls, StreamCall<TReply, T> call) : IObservable<T>, IPausable
{
    private ImmutableList<StreamCall<TReply, T>> _running = [];

    public Hub Hub => calls.Hub;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var sent = (StreamCall<TReply, T>)call.Again();
        (sent.Observer, sent.Over) = (observer, Left);
        ImmutableInterlocked.Update(ref _running, static (running, sent) => running.Add(sent), sent);
        return calls.Send(sent);
    }

    public IDisposable Pause() =>
        new CompositeDisposable(_running.Select(static running => running.Place).OfType<Pipeline<TReply>>().Select(static pipeline => pipeline.Hold()));

    public override string ToString() => Label.Of(call);

    private void Left(StreamCall<TReply, T> sent) => ImmutableInterlocked.Update(ref _running, static (running, sent) => running.Remove(sent), sent);
}
