using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace Diesel.Reactive.AspNetCore;

/// <summary>What an application can know of the connection.</summary>
internal sealed class ConnectionFeature : IHttpConnectionFeature, IHubFeature
{
    private static long _lastId = Random.Shared.NextInt64(long.MaxValue / 2);

    private readonly HubRequest _request;
    private string? _id;

    public ConnectionFeature(HubRequest request)
    {
        _request = request;
        (RemoteIpAddress, RemotePort) = Of(request.Http.RemoteEndPoint);
        (LocalIpAddress, LocalPort) = Of(request.Http.LocalEndPoint);
    }

    /// <summary>The same for all requests of a connection.</summary>
    public string ConnectionId
    {
        get => _id ??= _request.Session.Id;
        set => _id = value;
    }

    public IPAddress? RemoteIpAddress { get; set; }

    public IPAddress? LocalIpAddress { get; set; }

    public int RemotePort { get; set; }

    public int LocalPort { get; set; }

    public Hub Hub => _request.Hub;

    /// <summary>An id that no other connection or request has.</summary>
    public static string Next() => Interlocked.Increment(ref _lastId).ToString("X16", CultureInfo.InvariantCulture);

    private static (IPAddress?, int) Of(EndPoint endPoint) => endPoint is IPEndPoint ip ? (ip.Address, ip.Port) : (null, 0);
}
