namespace Diesel.Reactive;

/// <summary>A call on its way from another thread to the hub.</summary>
internal sealed class LaterCall<TReply>(ICallEntry<TReply> entry, Call<TReply> call) : ICallHolder<TReply>, IHubWait
{
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
        if (call.Place == this)
        {
            entry.Enter(call);
        }
    }
}
