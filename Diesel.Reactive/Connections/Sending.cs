using System.Reactive;

namespace Diesel.Reactive;

/// <summary>The outcome of one <see cref="Connection.Send"/>.</summary>
internal sealed class Sending(Connection connection, IObservable<Unit> receipt) : Awaitable<Unit>
{
    public override IDisposable Subscribe(IObserver<Unit> observer) => receipt.Subscribe(observer);

    public override string ToString() => $"sending on {connection}";
}
