using System.Net;

namespace Diesel.Reactive.Hosting;

/// <summary>Where a service listens, and within which bounds.</summary>
internal sealed record ServicePlace(EndPoint EndPoint, TcpServiceOptions Options);
