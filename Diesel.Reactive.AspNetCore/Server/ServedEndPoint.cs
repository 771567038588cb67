using Microsoft.Extensions.Logging;

namespace Diesel.Reactive.AspNetCore;

/// <summary>What the requests at an endpoint share.</summary>
/// <param name="Options">The server's.</param>
/// <param name="MaxBody">Bytes of a request's body; null: no limit.</param>
/// <param name="Logger">The server's.</param>
/// <param name="IsSecure">Whether it speaks TLS.</param>
/// <param name="ReusesRequests">Whether a connection's next request has the objects of the one before.</param>
internal sealed record ServedEndPoint(DieselServerOptions Options, long? MaxBody, ILogger Logger, bool IsSecure, bool ReusesRequests)
{
    public string Scheme { get; } = IsSecure ? "https" : "http";
}
