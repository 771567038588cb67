using System.Net;

namespace Diesel.Reactive.AspNetCore;

/// <summary>Where a server listens.</summary>
/// <param name="EndPoint">An address and port (port 0 lets the system choose), a Unix socket, or what systemd handed over.</param>
/// <param name="Tls">Null: plain HTTP.</param>
public sealed record DieselEndPoint(EndPoint EndPoint, TlsServerOptions? Tls = null);
