namespace Diesel.Reactive;

/// <summary><see cref="CallsExtensions.Ask"/>. The first who comes gets the call itself, later ones another one like it.</summary>
internal sealed class Asking<TReply, T>(ICalls<TReply> calls, Call<TReply, T> call) : Awaitable<T>
{
    internal override Hub Home => calls.Hub;

    protected internal override bool TellsOnce => true;

    public override IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var sent = call.TryClaim() ? call : (Call<TReply, T>)call.Again();
        sent.Observer = observer;
        return calls.Send(sent);
    }

    public override string ToString() => Label.Of(call);
}
