using System.Net;

namespace Diesel.Reactive.Protocols.Http;

/// <summary>A request that was refused.</summary>
/// <param name="Status">What was answered.</param>
/// <param name="Rule">The document and section that was broken.</param>
/// <param name="Reason">What was wrong.</param>
/// <param name="RemoteEndPoint">Whose it was.</param>
public sealed record HttpRefusal(int Status, string Rule, string Reason, EndPoint RemoteEndPoint);
