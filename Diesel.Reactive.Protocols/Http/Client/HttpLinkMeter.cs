using System.Diagnostics;
using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>What is published of one connection; there is none while nobody wants to know.</summary>
internal sealed class HttpLinkMeter
{
    private readonly Hub _hub;
    private readonly long _began;
    private readonly HttpOriginKey _key;
    private readonly string? _peer;
    private bool _isUsed;

    private HttpLinkMeter(HttpOrigin origin, Connection connection, Hub hub)
    {
        (_hub, _key, _began) = (hub, origin.Key, hub.TimeProvider.GetTimestamp());
        _peer = (connection.RemoteEndPoint as IPEndPoint)?.Address.ToString();
        Change("idle", 1);
    }

    public static HttpLinkMeter? Of(HttpOrigin origin, Connection connection, Hub hub) =>
        HttpTelemetry.Open.Enabled || HttpTelemetry.Lifetime.Enabled ? new HttpLinkMeter(origin, connection, hub) : null;

    public void Use() => Move(isUsed: true);

    public void Rest() => Move(isUsed: false);

    public void End()
    {
        Change(_isUsed ? "active" : "idle", -1);
        HttpTelemetry.Lifetime.Record(_hub.TimeProvider.GetElapsedTime(_began).TotalSeconds, Tags());
    }

    private void Move(bool isUsed)
    {
        Change(_isUsed ? "active" : "idle", -1);
        _isUsed = isUsed;
        Change(_isUsed ? "active" : "idle", 1);
    }

    private void Change(string state, int by)
    {
        var tags = Tags();
        tags.Add("http.connection.state", state);
        HttpTelemetry.Open.Add(by, tags);
    }

    private TagList Tags()
    {
        var tags = HttpTelemetry.Tags(_key);
        tags.Add("network.protocol.version", "1.1");
        if (_peer is not null)
        {
            tags.Add("network.peer.address", _peer);
        }

        return tags;
    }
}
