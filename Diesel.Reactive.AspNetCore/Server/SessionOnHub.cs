using Diesel.Reactive.Protocols.Http;

namespace Diesel.Reactive.AspNetCore;

/// <summary>A connection whose requests are answered on the hub's thread, one when the one before is answered.</summary>
internal sealed class SessionOnHub(Func<HubSession, HubRequest> make, ServedEndPoint served, Hub hub) : HubSession(make, served, hub)
{
    public override void Ask(HttpRequest request, HttpAnswer answer)
    {
        var asked = Rent(request);
        asked.Response.Sending.Answer = answer;
        Hub.WorksOn(asked.Label);
        if (asked.Run().IsCompleted && asked.Response.Sending.IsSentWhole)
        {
            Return(asked);
        }
        else if (!asked.Response.Sending.HasBegun)
        {
            answer.Hold(request, asked);
        }
    }

    public override void End()
    {
    }
}
