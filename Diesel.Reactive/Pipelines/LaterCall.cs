namespace Diesel.Reactive;

/// <summary>A call on its way from another thread to the hub.</summary>
internal sealed class LaterCall<TReply>(ICallEntry<TReply> entry, Call<TReply> call) : ICallHolder<TReply>, IHubWait
{
    private volatile bool _isLeft;

    public Hub Hub => entry.Hub;

    /// <summary>Whether whoever takes it in does so now, and may hand it on as one that comes from the hub. The hub's thread only.</summary>
    public bool IsArriving { get; private set; }

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

    // Whoever has taken it in may hand it on later: it is as one that was not sent yet.
    public void Abandon(Call<TReply> call) => call.Place = IsArriving ? this : CallPlace.Over;

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
            IsArriving = true;
            entry.Enter(call);
        }
    }
}
