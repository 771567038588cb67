namespace Diesel.Reactive;

/// <summary>A call that will have no reply, told so in a turn of its own: neither whoever sends nor whoever disposes runs another's code
/// within, and who sends again when refused does not do so for ever on one stack.</summary>
internal sealed class Refusal<TReply>(Hub hub, Call<TReply> call, Exception error) : ICallHolder<TReply>, IHubWait
{
    public Hub Hub => hub;

    public static void Of(Hub hub, Call<TReply> call, Exception error)
    {
        var refusal = new Refusal<TReply>(hub, call, error);
        call.Place = refusal;
        if (!hub.Post(static r => ((Refusal<TReply>)r!).Tell(), refusal))
        {
            refusal.Tell();
        }
    }

    public void Abandon(Call<TReply> call) => call.Place = CallPlace.Over;

    // The reason was there before the hub's end.
    public void HubEnded(ObjectDisposedException ended) => Tell();

    private void Tell()
    {
        if (call.Place == this)
        {
            call.Place = CallPlace.Over;
            Telling.Fail(call, error);
        }
    }
}
