namespace Diesel.Reactive;

/// <summary>A call on its way from another thread to the hub.</summary>
internal sealed class LaterCall<TReply>(ICallEntry<TReply> entry, Call<TReply> call) : ICallHolder<TReply>, IHubWait
{
    private volatile bool _isLeft;

    public Hub Hub => entry.Hub;

    public static void Send(ICallEntry<TReply> entry, Call<TReply> call)
    {
        var later = new LaterCall<TReply>(entry, call);
        call.Enter(later);
        if (!entry.Hub.Post(static l => ((LaterCall<TReply>)l!).Arrive(), later))
        {
            later.HubEnded(entry.Hub.Ended());
        }
    }

    /// <summary>Whoever sent it has left: it is not to arrive. Any thread; <see cref="Abandon"/> follows.</summary>
    public void Leave() => _isLeft = true;

    public void Abandon(Call<TReply> call) => call.Place = CallPlace.Over;

    public void HubEnded(ObjectDisposedException error)
    {
        if (call.Place == this)
        {
            call.Place = CallPlace.Over;
            Telling.Fail(call, error);
        }
    }

    private void Arrive()
    {
        if (call.Place == this && !_isLeft)
        {
            entry.Enter(call);
        }
    }
}
