namespace Diesel.Reactive;

/// <summary>An observable of one value as an <see cref="Awaitable{T}"/>.</summary>
internal sealed class Observed<T>(IObservable<T> source, string what) : Awaitable<T>
{
    public override IDisposable Subscribe(IObserver<T> observer) => source.Subscribe(observer);

    public override string ToString() => what;
}
