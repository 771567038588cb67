using System.Net;

namespace Diesel.Reactive;

/// <summary>Where to: an endpoint that is dialled as it is, or a host whose addresses are to be found first.</summary>
internal sealed class Destination(EndPoint endPoint)
{
    /// <summary>What is dialled as it is; null: there is a host to be found.</summary>
    public EndPoint? Known { get; } = endPoint is not DnsEndPoint named ? endPoint
        : IPAddress.TryParse(named.Host, out var address) ? new IPEndPoint(address, named.Port)
        : null;

    /// <summary>The host's name; empty where there is none.</summary>
    public string Host => (endPoint as DnsEndPoint)?.Host ?? "";

    /// <summary>One of the host's addresses as an endpoint.</summary>
    public EndPoint At(IPAddress address) => new IPEndPoint(address, ((DnsEndPoint)endPoint).Port);

    public override string ToString() => EndPoints.Text(endPoint);
}
