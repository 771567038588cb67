namespace Diesel.Reactive;

/// <summary>Something under way whose end can be observed and awaited.</summary>
internal sealed class Outcome<T>(IObservable<T> source, string what) : Awaitable<T>
{
    public override IDisposable Subscribe(IObserver<T> observer) => source.Subscribe(observer);

    public override string ToString() => what;
}
